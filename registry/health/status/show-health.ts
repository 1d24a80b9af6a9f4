import type { HealthHistory } from '../../contract/index.ts';
import type { Observation, StoredCheck, StoredServer } from '../../store/index.ts';
import { UNSEEN } from './instance-health.ts';
import { percentile } from './percentile.ts';
import type { ServerMemory } from './server-state.ts';

/** The health of a server as the API shows it: `checks` newest first, figures over all of `kept`. */
export function showHealth(
  server: StoredServer,
  observation: Observation | undefined,
  memory: ServerMemory | undefined,
  kept: readonly StoredCheck[],
  limit: number,
): HealthHistory {
  const latencies = kept.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]));
  const good = kept.filter(({ observed }) => observed === 'healthy' || observed === 'degraded').length;
  return {
    observed: observation?.observed ?? 'unknown',
    instances: server.instances.map(({ id, url, enabled, up }) => {
      const { observed, failures, latencyMs, problem, remedy } = memory?.instances.get(id)?.state ?? UNSEEN;
      return { id, url, enabled, up, observed, failures, latencyMs, problem, remedy };
    }),
    uptime: kept.length === 0 ? null : good / kept.length,
    checks: kept.slice(0, limit).map(({ at, observed, latencyMs, problem }) => ({
      at: new Date(at).toISOString(),
      observed,
      latencyMs,
      problem,
    })),
    latency: { p50Ms: percentile(latencies, 50), p95Ms: percentile(latencies, 95), p99Ms: percentile(latencies, 99) },
  };
}
