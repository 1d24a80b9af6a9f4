import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMemoryGauge } from './memory-gauge.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('reads within a second share one measurement', async () => {
  const measure = vi.fn(() => Promise.resolve(new Map([[1, measure.mock.calls.length]])));
  const gauge = createMemoryGauge(measure);
  const [first, second] = await Promise.all([gauge.read(), gauge.read()]);
  expect(first).toBe(second);
  await vi.advanceTimersByTimeAsync(500);
  expect(await gauge.read()).toBe(first);
  await vi.advanceTimersByTimeAsync(500);
  expect((await gauge.read()).get(1)).toBe(2);
  expect(measure).toHaveBeenCalledTimes(2);
});

test('a second measurement does not start while one is in progress', async () => {
  const { promise, resolve } = Promise.withResolvers<Map<number, number>>();
  const measure = vi.fn(() => promise);
  const gauge = createMemoryGauge(measure);
  void gauge.read();
  await vi.advanceTimersByTimeAsync(5_000);
  void gauge.read();
  expect(measure).toHaveBeenCalledTimes(1);
  resolve(new Map());
});
