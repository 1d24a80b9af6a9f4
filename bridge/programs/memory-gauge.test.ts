import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMemoryGauge } from './memory-gauge.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what asks within a second shares one measurement', async () => {
  const measure = vi.fn(() => Promise.resolve(new Map([[1, measure.mock.calls.length]])));
  const gauge = createMemoryGauge(measure);
  const [one, other] = await Promise.all([gauge.read(), gauge.read()]);
  expect(one).toBe(other);
  await vi.advanceTimersByTimeAsync(500);
  expect(await gauge.read()).toBe(one);
  await vi.advanceTimersByTimeAsync(500);
  expect((await gauge.read()).get(1)).toBe(2);
  expect(measure).toHaveBeenCalledTimes(2);
});

test('a measurement that takes long is not begun twice', async () => {
  const { promise, resolve } = Promise.withResolvers<Map<number, number>>();
  const measure = vi.fn(() => promise);
  const gauge = createMemoryGauge(measure);
  void gauge.read();
  await vi.advanceTimersByTimeAsync(5_000);
  void gauge.read();
  expect(measure).toHaveBeenCalledTimes(1);
  resolve(new Map());
});
