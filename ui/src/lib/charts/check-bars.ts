import type { HealthHistory, HealthStatus } from '@mcpgw/registry/contract';
import { HEALTH_LABELS, type Tone } from '../servers/status-labels.ts';

export interface Bar {
  x: number;
  /** Out of 20. Failures are taller, so that an outage stands out from a success, even without colour. */
  height: number;
  tone: Tone;
  empty: boolean;
}
const HEIGHTS: Partial<Record<HealthStatus, number>> = { healthy: 9, degraded: 13, auth_required: 16, unhealthy: 20 };

/** One bar per check, the newest at the right; missing checks are faint bars at the left. `checks` is newest first. */
export function layOutCheckBars(checks: HealthHistory['checks'], count: number): Bar[] {
  const shown = checks.slice(0, count).reverse();
  const missing = count - shown.length;
  return Array.from({ length: count }, (_, index) => {
    const check = shown[index - missing];
    if (check === undefined) return { x: index * 4, height: 3, tone: 'mute', empty: true };
    return { x: index * 4, height: HEIGHTS[check.health] ?? 6, tone: HEALTH_LABELS[check.health].tone, empty: false };
  });
}

/** "Last 40 checks: 38 healthy, 2 unhealthy". */
export function summarizeChecks(checks: HealthHistory['checks']): string {
  if (checks.length === 0) return 'No checks yet';
  const counts = new Map<HealthStatus, number>();
  for (const { health } of checks) counts.set(health, (counts.get(health) ?? 0) + 1);
  const counted = [...counts].map(([health, count]) => `${count} ${HEALTH_LABELS[health].label.toLowerCase()}`);
  return `Last ${checks.length === 1 ? 'check' : `${checks.length} checks`}: ${counted.join(', ')}`;
}

/** The bars as one SVG path for each class name. */
export function drawBars(bars: readonly Bar[]): [className: string, path: string][] {
  const paths = new Map<string, string>();
  for (const { x, height, tone, empty } of bars) {
    const name = empty ? 'empty' : `tone-${tone}`;
    paths.set(name, `${paths.get(name) ?? ''}M${x} ${20 - height}h3v${height}h-3z`);
  }
  return [...paths];
}
