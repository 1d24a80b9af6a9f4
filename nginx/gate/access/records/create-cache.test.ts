import { expect, test } from 'vitest';
import { createCache, type Held } from './create-cache.ts';

interface Entry extends Held<Entry> {
  value: number;
}
const createEntry = (name: string, weight = 1, value = 0): Entry => ({ name, weight, value });

test('the least recently used entry is removed first', () => {
  const cache = createCache<Entry>(3);
  for (const name of ['a', 'b', 'c']) cache.put(createEntry(name));
  cache.get('a');
  cache.put(createEntry('d'));
  expect(['a', 'b', 'c', 'd'].map((name) => cache.get(name)?.name)).toEqual(['a', undefined, 'c', 'd']);
});

test('the total weight never exceeds the limit, whatever the operations', () => {
  const cache = createCache<Entry>(100);
  // A plain list of the same entries, as the model.
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
      const entry = known ?? createEntry(name, 1 + random(12), step);
      if (known === undefined) cache.put(entry);
      model = [...model.filter((held) => held !== entry), entry];
      while (model.reduce((sum, held) => sum + held.weight, 0) > 100) model.shift();
    }
  }
});

test('an entry that is too heavy remains until the next one', () => {
  const cache = createCache<Entry>(10);
  cache.put(createEntry('a'));
  cache.put(createEntry('heavy', 50));
  expect([cache.get('a'), cache.get('heavy')?.name]).toEqual([undefined, 'heavy']);
  cache.put(createEntry('b'));
  expect([cache.get('heavy'), cache.get('b')?.name]).toEqual([undefined, 'b']);
});
