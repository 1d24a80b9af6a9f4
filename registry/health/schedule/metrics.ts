import type { HealthStatus, ProbeResult } from '../../contract/index.ts';

export interface HealthMetrics {
  checks: Partial<Record<HealthStatus, number>>;
  sweeps: number;
  /** Sweeps skipped because the previous one was still running. */
  skipped: number;
  /** Checks whose result could not be recorded. */
  failed: number;
  /** Connections on which servers send notifications that their tools changed. */
  listeners: number;
  lastSweep: { servers: number; tookMs: number } | null;
}

/** Counts checks and sweeps since the start. */
export function createHealthMetrics() {
  const metrics: HealthMetrics = { checks: {}, sweeps: 0, skipped: 0, failed: 0, listeners: 0, lastSweep: null };
  return {
    count: ({ health }: Pick<ProbeResult, 'health'>): void => {
      metrics.checks[health] = (metrics.checks[health] ?? 0) + 1;
    },
    skip(): void {
      metrics.skipped += 1;
    },
    sweep(servers: number, tookMs: number, failed: number): void {
      metrics.failed += failed;
      metrics.sweeps += 1;
      metrics.lastSweep = { servers, tookMs: Math.round(tookMs) };
    },
    read: (): HealthMetrics => structuredClone(metrics),
  };
}
