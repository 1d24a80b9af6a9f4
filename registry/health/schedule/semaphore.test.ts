import { expect, test, vi } from 'vitest';
import { createSemaphore } from './semaphore.ts';

const hang = () => Promise.withResolvers<undefined>();

test('no more than the permits run at once, in the order of the calls', async () => {
  const semaphore = createSemaphore({ fast: 2, slow: 0, slowMs: 1_000 });
  const started: number[] = [];
  const works = Array.from({ length: 5 }, hang);
  const done = works.map(({ promise }, index) =>
    semaphore.run(() => {
      started.push(index);
      return promise;
    }),
  );
  await Promise.resolve();
  expect(started).toEqual([0, 1]);
  works[1]?.resolve(undefined);
  await done[1];
  expect(started).toEqual([0, 1, 2]);
  for (const { resolve } of works) resolve(undefined);
  await Promise.all(done);
  expect(started).toEqual([0, 1, 2, 3, 4]);
});

test('work that hangs releases its permit after slowMs, up to the slow permits', async () => {
  vi.useFakeTimers();
  try {
    const semaphore = createSemaphore({ fast: 1, slow: 2, slowMs: 400 });
    let started = 0;
    const works = Array.from({ length: 4 }, hang);
    const done = works.map(({ promise }) =>
      semaphore.run(() => {
        started += 1;
        return promise;
      }),
    );
    await vi.advanceTimersByTimeAsync(399);
    expect(started).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toBe(2);
    await vi.advanceTimersByTimeAsync(400);
    expect(started).toBe(3);
    // Both slow permits are taken, so the third holds the fast one.
    await vi.advanceTimersByTimeAsync(10_000);
    expect(started).toBe(3);
    works[2]?.resolve(undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(started).toBe(4);
    for (const { resolve } of works) resolve(undefined);
    await Promise.all(done);
  } finally {
    vi.useRealTimers();
  }
});

test('work that throws releases its permit', async () => {
  const semaphore = createSemaphore({ fast: 1, slow: 0, slowMs: 1_000 });
  await expect(semaphore.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await semaphore.run(() => Promise.resolve(1))).toBe(1);
});
