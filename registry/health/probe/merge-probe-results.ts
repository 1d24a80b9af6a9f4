import type { ProbeResult } from '../../contract/index.ts';
import type { InstanceCheck } from '../check/check-instance.ts';
import type { ServerState } from '../status/server-state.ts';
import { NOTHING_FOUND } from './probe-options.ts';

/** One result for all instances of a server: the tools of the first that listed them, the status of the whole. */
export function mergeResults(checks: readonly InstanceCheck[], state: ServerState | undefined): ProbeResult {
  const best = checks.find(({ listed }) => listed) ?? checks[0];
  const { health = 'unknown', problem = null, remedy = null, latencyMs = null } = state?.observation ?? {};
  return { ...NOTHING_FOUND, ...best?.result, health, problem, remedy, latencyMs };
}
