import type { HealthHistory } from '../../contract/index.ts';
import type { Observation, StoredCheck, StoredServer } from '../../store/index.ts';
import { UNCHECKED } from './instance-health.ts';
import { percentile } from './percentile.ts';
import type { ServerState } from './server-state.ts';

export interface KnownHealth {
  observation: Observation | undefined;
  state: ServerState | undefined;
  /** Newest first. */
  checks: readonly StoredCheck[];
}

/** The health of a server as the API shows it: the newest `limit` checks, figures over all of them. */
export function showHealth(
  server: StoredServer,
  { observation, state, checks }: KnownHealth,
  limit: number,
): HealthHistory {
  const latencies = checks.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]));
  const oldest = checks.at(-1);
  const good = checks.filter(({ health }) => health === 'healthy' || health === 'degraded').length;
  return {
    health: observation?.health ?? 'unknown',
    instances: server.instances.map(({ id, url, enabled, up }) => {
      const { health, failures, latencyMs, certificateExpiresAt, problem, remedy } =
        state?.instances.get(id)?.state ?? UNCHECKED;
      return { id, url, enabled, up, health, failures, latencyMs, certificateExpiresAt, problem, remedy };
    }),
    uptime: checks.length === 0 ? null : good / checks.length,
    since: oldest === undefined ? null : new Date(oldest.at).toISOString(),
    checks: checks.slice(0, limit).map(({ at, health, latencyMs, problem }) => ({
      at: new Date(at).toISOString(),
      health,
      latencyMs,
      problem,
    })),
    latency: { p50Ms: percentile(latencies, 50), p95Ms: percentile(latencies, 95), p99Ms: percentile(latencies, 99) },
  };
}
