import type { HealthHistory, ObservedStatus } from '@mcpgw/registry/contract';
import { OBSERVED, type Tone } from '../servers/status-labels.ts';

export interface Bar {
  x: number;
  /** Of 20. Trouble is short, so that it shows without colour too. */
  height: number;
  tone: Tone;
  none: boolean;
}
const HEIGHTS: Partial<Record<ObservedStatus, number>> = { healthy: 20, degraded: 15, auth_required: 12, unhealthy: 9 };

/** One bar a check, the newest at the right; slots that have no check yet come first, faint. `checks` is newest first. */
export function layOutStrip(checks: HealthHistory['checks'], slots: number): Bar[] {
  const shown = checks.slice(0, slots).reverse();
  const empty = slots - shown.length;
  return Array.from({ length: slots }, (_, index) => {
    const check = shown[index - empty];
    if (check === undefined) return { x: index * 4, height: 3, tone: 'mute', none: true };
    return { x: index * 4, height: HEIGHTS[check.observed] ?? 6, tone: OBSERVED[check.observed].tone, none: false };
  });
}

/** "Last 40 checks: 38 healthy, 2 unhealthy". */
export function sumUpChecks(checks: HealthHistory['checks']): string {
  if (checks.length === 0) return 'No checks yet';
  const counts = new Map<ObservedStatus, number>();
  for (const { observed } of checks) counts.set(observed, (counts.get(observed) ?? 0) + 1);
  const words = [...counts].map(([observed, count]) => `${count} ${OBSERVED[observed].word.toLowerCase()}`);
  return `Last ${checks.length === 1 ? 'check' : `${checks.length} checks`}: ${words.join(', ')}`;
}
