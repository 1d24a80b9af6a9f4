import { describe, expect, it } from 'vitest';
import { sparklinePath } from './sparkline-path.ts';

describe('sparklinePath', () => {
  it('draws from zero, oldest at the left', () => {
    expect(sparklinePath([0, 5, 10], 100, 12)).toBe('M0.0 11.0L50.0 6.0L100.0 1.0');
  });
  it('leaves gaps for missing values, and shows a single point', () => {
    expect(sparklinePath([10, null, 10, 10], 90, 12)).toBe('M0.0 1.0h0.5M60.0 1.0L90.0 1.0');
    expect(sparklinePath([], 100, 12)).toBe('');
    expect(sparklinePath([null], 100, 12)).toBe('');
  });
});
