import { describe, expect, it } from 'vitest';
import { layOutStrip, sumUpChecks } from './check-bars.ts';

const check = (observed: 'healthy' | 'unhealthy') => ({ at: '', observed, latencyMs: 1, problem: null });
describe('layOutStrip', () => {
  it('puts the newest check at the right and fills up with empty slots', () => {
    const bars = layOutStrip([check('unhealthy'), check('healthy')], 4);
    expect(bars.map(({ none, tone, height }) => (none ? '' : `${tone}${height}`))).toEqual(['', '', 'ok20', 'bad9']);
    expect(layOutStrip([check('unhealthy'), check('healthy')], 1)).toHaveLength(1);
  });
  it('sums up in words', () => {
    expect(sumUpChecks([check('healthy'), check('unhealthy'), check('healthy')])).toBe(
      'Last 3 checks: 2 healthy, 1 unhealthy',
    );
    expect(sumUpChecks([])).toBe('No checks yet');
  });
});
