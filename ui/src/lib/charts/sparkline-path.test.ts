import { describe, expect, it } from 'vitest';
import { drawSparkline } from './sparkline-path.ts';

describe('drawSparkline', () => {
  it('draws from zero, oldest at the left', () => {
    expect(drawSparkline([0, 5, 10], 100, 12)).toBe('M0.0 11.0L50.0 6.0L100.0 1.0');
  });
  it('leaves gaps where nothing was measured, and shows a lone point', () => {
    expect(drawSparkline([10, null, 10, 10], 90, 12)).toBe('M0.0 1.0h0.5M60.0 1.0L90.0 1.0');
    expect(drawSparkline([], 100, 12)).toBe('');
    expect(drawSparkline([null], 100, 12)).toBe('');
  });
});
