import { expect, test } from 'vitest';
import { memoize } from './memoize.ts';

test('equal arguments are read once, different ones separately', async () => {
  let reads = 0;
  const read = memoize((word: { name: string }) => Promise.resolve(`${word.name} ${++reads}`), 60_000);
  expect(await Promise.all([read({ name: 'a' }), read({ name: 'a' }), read({ name: 'b' })])).toEqual([
    'a 1',
    'a 1',
    'b 2',
  ]);
  expect(await read({ name: 'a' })).toBe('a 1');
});

test('an expired result is read again', async () => {
  let reads = 0;
  let nowMs = 0;
  const read = memoize(
    () => Promise.resolve(++reads),
    1_000,
    () => nowMs,
  );
  expect(await read('x')).toBe(1);
  nowMs = 999;
  expect(await read('x')).toBe(1);
  nowMs = 1_000;
  expect(await read('x')).toBe(2);
});

test('a failure is not memoized', async () => {
  let reads = 0;
  const read = memoize(() => (++reads === 1 ? Promise.reject(new Error('once')) : Promise.resolve(reads)), 60_000);
  await expect(read('x')).rejects.toThrow('once');
  expect(await read('x')).toBe(2);
});

test('at most two hundred results are held', async () => {
  let reads = 0;
  const read = memoize(() => Promise.resolve(++reads), 60_000);
  for (let n = 0; n < 201; n++) await read(n);
  expect(await read(200)).toBe(201);
  expect(await read(0)).toBe(202);
});
