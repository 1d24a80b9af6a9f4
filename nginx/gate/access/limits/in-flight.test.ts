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
    const worker = createInFlight(dictionary, { isAlive: (id) => !gone.has(id), workerId: () => own });
    expect(worker.join()).toBe(true);
    return worker;
  };
  return { dictionary, gone, join };
}

test('the counts of all workers are added up; those of a worker end with it', () => {
  const { gone, join } = prepare();
  const [first, second] = [join(), join()];
  first.add('ca', 2);
  second.add('ca', 3);
  expect([first.total('ca'), second.total('ca'), first.total('cb')]).toEqual([5, 5, 0]);
  expect(first.reap()).toBe(false);
  gone.add(2);
  expect([first.reap(), first.total('ca')]).toEqual([true, 2]);
  const third = join();
  third.add('ca', 1);
  expect(first.total('ca')).toBe(3);
  third.leave();
  expect(first.total('ca')).toBe(2);
  first.remove('ca', 2);
  expect(first.total('ca')).toBe(0);
});

test('what cannot be written is not counted', () => {
  const { dictionary, join } = prepare();
  const worker = join();
  worker.add('ca', 1);
  dictionary.refuses = (name) => name.startsWith('ca');
  expect([worker.add('ca', 1), worker.total('ca')]).toEqual([false, 1]);
});
