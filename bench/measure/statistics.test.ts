import { expect, test } from 'vitest';
import { median, percentile, showSpread, shuffle } from './statistics.ts';

test('median of odd and even numbers', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(() => median([])).toThrow('no values');
});

test('percentile by nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([percentile(values, 0.5), percentile(values, 0.95), percentile(values, 1)]).toEqual([50, 95, 100]);
});

test('spread and shuffle do not change their values', () => {
  expect(showSpread([1, 2, 4], 1)).toBe('2.0 (1.0–4.0)');
  expect(shuffle([1, 2, 3, 4]).sort()).toEqual([1, 2, 3, 4]);
});
