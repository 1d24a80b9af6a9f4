import type { ProbeResult } from '../../contract/index.ts';
import type { Looked } from '../check/check-instance.ts';
import { NOTHING_FOUND } from './probe-options.ts';
import type { ServerMemory } from '../status/server-state.ts';

/** One answer for all instances of a server: the tools of the first that listed them, the status of the whole. */
export function mergeResults(looked: readonly Looked[], memory: ServerMemory | undefined): ProbeResult {
  const best = looked.find(({ listed }) => listed) ?? looked[0];
  const { observed = 'unknown', problem = null, remedy = null, latencyMs = null } = memory?.observation ?? {};
  return { ...NOTHING_FOUND, ...best?.result, observed, problem, remedy, latencyMs };
}
