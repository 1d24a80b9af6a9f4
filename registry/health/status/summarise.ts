import type { HealthStatus } from '../../contract/index.ts';
import type { InstanceState } from './instance-health.ts';

export interface Summary {
  health: HealthStatus;
  latencyMs: number | null;
  problem: string | null;
  remedy: string | null;
}

export interface SummarisedInstance {
  url: string;
  state: InstanceState;
  /** Hash of the tools that it listed last; null when it listed none yet. */
  toolsHash: string | null;
}

const ORDER: readonly HealthStatus[] = ['healthy', 'degraded', 'auth_required', 'unhealthy', 'idle', 'unknown'];

/** The health of a server from its enabled instances: the worst status only when all have it, `degraded` when they differ. */
export function summarise(instances: readonly SummarisedInstance[]): Summary {
  const [first] = instances;
  if (first === undefined)
    return {
      health: 'unknown',
      latencyMs: null,
      problem: 'None of its instances is enabled',
      remedy: 'Enable an instance, or add one.',
    };
  const sorted = instances.toSorted((a, b) => ORDER.indexOf(a.state.health) - ORDER.indexOf(b.state.health));
  const best = sorted[0] ?? first;
  const worst = sorted.at(-1) ?? first;
  const latencies = instances.flatMap(({ state }) => (state.latencyMs === null ? [] : [state.latencyMs]));
  const latencyMs = latencies.length === 0 ? null : Math.max(...latencies);
  const { health, problem, remedy } = worst.state;
  if (best.state.health !== health && health !== 'unknown') {
    const bad = instances.filter(({ state }) => state.health !== 'healthy').length;
    return {
      health: 'degraded',
      latencyMs,
      problem: `${bad} of ${instances.length} instances: ${worst.url} ${problem === null ? `is ${health}` : `has a problem: ${problem}`}`,
      remedy,
    };
  }
  const other = instances.find(
    ({ toolsHash }) => toolsHash !== null && first.toolsHash !== null && toolsHash !== first.toolsHash,
  );
  if (health === 'healthy' && other !== undefined)
    return {
      health: 'degraded',
      latencyMs,
      problem: `Its instances list different tools: ${other.url} differs from ${first.url}`,
      remedy: 'Run the same version on every instance; agents may get either list.',
    };
  return { health, latencyMs, problem, remedy };
}
