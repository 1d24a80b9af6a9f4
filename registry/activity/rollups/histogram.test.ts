import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketOf, readPercentile } from './histogram.ts';

function gather(durations: readonly number[]) {
  const counts = new Map<number, number>();
  for (const ms of durations) counts.set(bucketOf(ms), (counts.get(bucketOf(ms)) ?? 0) + 1);
  return [...counts].map(([bucket, count]) => ({ bucket, count }));
}

test('bucket bounds match the stored numbers', () => {
  expect([0, 0.1, 0.2, 0.4, 1, 1_000, 600_000, 1e12].map(bucketOf)).toEqual([0, 0, 4, 8, 14, 54, 90, 90]);
  expect(bucketOf(Number.NaN)).toBe(0);
  expect(bucketOf(-5)).toBe(0);
});

test('several counts of one bucket are added up', () => {
  const parts = [
    { bucket: 14, count: 2 },
    { bucket: 14, count: 8 },
  ];
  expect(readPercentile(parts, 0.5)).toBe(readPercentile([{ bucket: 14, count: 10 }], 0.5));
});

test('without durations there is no percentile', () => {
  expect(readPercentile([], 0.5)).toBeNull();
});

test('a percentile is within one bucket of the exact one', () => {
  const durations = fc.array(fc.double({ min: 0.2, max: 500_000, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.95), (all, part) => {
      const sorted = [...all].sort((a, b) => a - b);
      const exact = sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
      const read = readPercentile(gather(all), part) ?? 0;
      expect(read).toBeGreaterThanOrEqual(exact / 1.2 - 0.01);
      expect(read).toBeLessThanOrEqual(exact * 1.2 + 0.01);
    }),
  );
});
