import { expect, test } from 'vitest';
import './test/in-node.ts';
import { createInFlight } from './in-flight.ts';
import { createFakeDictionary } from './test/fake-dictionary.ts';

function prepare() {
  const dictionary = createFakeDictionary(1_000);
  const gone = new Set<number>();
  let pid = 0;
  const join = () => {
    pid += 1;
    const own = pid;
    const made = createInFlight(dictionary, { isAlive: (one) => !gone.has(one), workerId: () => own });
    expect(made.join()).toBe(true);
    return made;
  };
  return { dictionary, gone, join };
}

test('what all workers have under way is added up; what a worker had goes with it', () => {
  const { gone, join } = prepare();
  const [one, two] = [join(), join()];
  one.add('ca', 2);
  two.add('ca', 3);
  expect([one.total('ca'), two.total('ca'), one.total('cb')]).toEqual([5, 5, 0]);
  expect(one.reap()).toBe(false);
  gone.add(2);
  expect([one.reap(), one.total('ca')]).toEqual([true, 2]);
  const three = join();
  three.add('ca', 1);
  expect(one.total('ca')).toBe(3);
  three.leave();
  expect(one.total('ca')).toBe(2);
  one.remove('ca', 2);
  expect(one.total('ca')).toBe(0);
});

test('what cannot be written is not counted', () => {
  const { dictionary, join } = prepare();
  const one = join();
  one.add('ca', 1);
  dictionary.refuses = (name) => name.startsWith('ca');
  expect([one.add('ca', 1), one.total('ca')]).toEqual([false, 1]);
});
