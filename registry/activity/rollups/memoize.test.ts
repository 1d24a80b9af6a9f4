import { expect, test } from 'vitest';
import { memoize } from './memoize.ts';

test('equal arguments are read once, others are read apart', async () => {
  let reads = 0;
  const ask = memoize((word: { name: string }) => Promise.resolve(`${word.name} ${++reads}`), 60_000);
  expect(await Promise.all([ask({ name: 'a' }), ask({ name: 'a' }), ask({ name: 'b' })])).toEqual([
    'a 1',
    'a 1',
    'b 2',
  ]);
  expect(await ask({ name: 'a' })).toBe('a 1');
});

test('an expired result is read again', async () => {
  let reads = 0;
  let nowMs = 0;
  const ask = memoize(
    () => Promise.resolve(++reads),
    1_000,
    () => nowMs,
  );
  expect(await ask('x')).toBe(1);
  nowMs = 999;
  expect(await ask('x')).toBe(1);
  nowMs = 1_000;
  expect(await ask('x')).toBe(2);
});

test('a failure is not memoized', async () => {
  let reads = 0;
  const ask = memoize(() => (++reads === 1 ? Promise.reject(new Error('once')) : Promise.resolve(reads)), 60_000);
  await expect(ask('x')).rejects.toThrow('once');
  expect(await ask('x')).toBe(2);
});

test('no more than two hundred results are held', async () => {
  let reads = 0;
  const ask = memoize(() => Promise.resolve(++reads), 60_000);
  for (let n = 0; n < 201; n++) await ask(n);
  expect(await ask(200)).toBe(201);
  expect(await ask(0)).toBe(202);
});
