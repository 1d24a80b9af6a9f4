import { expect, it } from 'vitest';
import { findScale, layOutBars } from './bars.ts';

const point = (requests: number, errors = 0, refused = 0) => ({
  at: '2026-11-21T12:00:00.000Z',
  requests,
  calls: 0,
  errors,
  toolErrors: 0,
  refused,
});

it('scales to a round number that no bar exceeds', () => {
  expect(findScale([])).toBe(1);
  expect(findScale([point(0)])).toBe(1);
  expect(findScale([point(3), point(7)])).toBe(10);
  expect(findScale([point(11)])).toBe(20);
  expect(findScale([point(240)])).toBe(500);
});

it('counts no request twice, and links each step to its end', () => {
  const [bar] = layOutBars({ points: [point(10, 3, 2)], stepS: 60 });
  expect(bar).toMatchObject({ succeeded: 0.5, errors: 0.3, refused: 0.2, to: '2026-11-21T12:01:00.000Z' });
  expect(bar?.label).toContain('10 requests, 3 errors, 2 refusals');
  // Two calls of one batch failed.
  const [batch] = layOutBars({ points: [point(1, 2)], stepS: 60 });
  expect(batch).toMatchObject({ succeeded: 0, errors: 1 });
});
