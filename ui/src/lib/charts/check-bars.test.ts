import { describe, expect, it } from 'vitest';
import { drawBars, layOutCheckBars, summarizeChecks } from './check-bars.ts';

const check = (health: 'healthy' | 'unhealthy') => ({ at: '', health, latencyMs: 1, problem: null });
describe('layOutCheckBars', () => {
  it('puts the newest check at the right and pads with empty bars', () => {
    const bars = layOutCheckBars([check('unhealthy'), check('healthy')], 4);
    expect(bars.map(({ empty, tone, height }) => (empty ? '' : `${tone}${height}`))).toEqual(['', '', 'ok9', 'bad20']);
    expect(layOutCheckBars([check('unhealthy'), check('healthy')], 1)).toHaveLength(1);
  });
  it('draws all bars of a colour as one path', () => {
    expect(drawBars(layOutCheckBars([check('unhealthy'), check('healthy'), check('healthy')], 4))).toEqual([
      ['empty', 'M0 17h3v3h-3z'],
      ['tone-ok', 'M4 11h3v9h-3zM8 11h3v9h-3z'],
      ['tone-bad', 'M12 0h3v20h-3z'],
    ]);
  });
  it('counts checks by status', () => {
    expect(summarizeChecks([check('healthy'), check('unhealthy'), check('healthy')])).toBe(
      'Last 3 checks: 2 healthy, 1 unhealthy',
    );
    expect(summarizeChecks([])).toBe('No checks yet');
  });
});
