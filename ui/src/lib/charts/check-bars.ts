import type { HealthHistory, ObservedStatus } from '@mcpgw/registry/contract';
import { OBSERVED, type Tone } from '../servers/status-labels.ts';

export interface Bar {
  x: number;
  /** Out of 20. Failures are shorter, so that they are visible without colour. */
  height: number;
  tone: Tone;
  empty: boolean;
}
const HEIGHTS: Partial<Record<ObservedStatus, number>> = { healthy: 20, degraded: 15, auth_required: 12, unhealthy: 9 };

/** One bar per check, the newest at the right; missing checks are faint bars at the left. `checks` is newest first. */
export function layOutCheckBars(checks: HealthHistory['checks'], count: number): Bar[] {
  const shown = checks.slice(0, count).reverse();
  const missing = count - shown.length;
  return Array.from({ length: count }, (_, index) => {
    const check = shown[index - missing];
    if (check === undefined) return { x: index * 4, height: 3, tone: 'mute', empty: true };
    return { x: index * 4, height: HEIGHTS[check.observed] ?? 6, tone: OBSERVED[check.observed].tone, empty: false };
  });
}

/** "Last 40 checks: 38 healthy, 2 unhealthy". */
export function summarizeChecks(checks: HealthHistory['checks']): string {
  if (checks.length === 0) return 'No checks yet';
  const counts = new Map<ObservedStatus, number>();
  for (const { observed } of checks) counts.set(observed, (counts.get(observed) ?? 0) + 1);
  const counted = [...counts].map(([observed, count]) => `${count} ${OBSERVED[observed].label.toLowerCase()}`);
  return `Last ${checks.length === 1 ? 'check' : `${checks.length} checks`}: ${counted.join(', ')}`;
}
