import { expect, test } from 'vitest';
import { createCache, type Held } from './create-cache.ts';

interface Entry extends Held<Entry> {
  value: number;
}
const make = (name: string, weight = 1, value = 0): Entry => ({ name, weight, value });

test('what was asked for longest ago goes first', () => {
  const cache = createCache<Entry>(3);
  for (const name of ['a', 'b', 'c']) cache.put(make(name));
  cache.get('a');
  cache.put(make('d'));
  expect(['a', 'b', 'c', 'd'].map((name) => cache.get(name)?.name)).toEqual(['a', undefined, 'c', 'd']);
});

test('the weights of what it holds never exceed the bound, whatever is done', () => {
  const cache = createCache<Entry>(100);
  // A plain list of the same, as the model.
  let model: Entry[] = [];
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let step = 0; step < 20_000; step += 1) {
    const name = `n${random(60)}`;
    const known = model.find((entry) => entry.name === name);
    const kind = random(100);
    if (kind === 0) {
      cache.clear();
      model = [];
    } else if (kind < 20) {
      cache.remove(name);
      model = model.filter((entry) => entry !== known);
    } else {
      expect(cache.get(name)?.value).toBe(known?.value);
      const entry = known ?? make(name, 1 + random(12), step);
      if (known === undefined) cache.put(entry);
      model = [...model.filter((one) => one !== entry), entry];
      while (model.reduce((sum, one) => sum + one.weight, 0) > 100) model.shift();
    }
  }
});

test('one that is too heavy stays until the next', () => {
  const cache = createCache<Entry>(10);
  cache.put(make('a'));
  cache.put(make('heavy', 50));
  expect([cache.get('a'), cache.get('heavy')?.name]).toEqual([undefined, 'heavy']);
  cache.put(make('b'));
  expect([cache.get('heavy'), cache.get('b')?.name]).toEqual([undefined, 'b']);
});
