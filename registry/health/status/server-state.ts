import type { Era, ObservedStatus } from '../../contract/index.ts';
import type { Observation, StoredServer } from '../../store/index.ts';
import { UNSEEN, type InstanceState } from './instance-health.ts';

/** What is remembered of one instance between checks. */
export interface InstanceMemory {
  /** URL that this was learnt of: another URL under the same id begins anew. */
  url: string;
  state: InstanceState;
  era: Era | null;
  protocolVersion: string | null;
  /** Hash of the tools that it listed last. */
  tools: string | null;
}

/** What is remembered of one server between checks: small, and forgotten with it. */
export interface ServerMemory {
  instances: Map<string, InstanceMemory>;
  observation: Observation | undefined;
  /** When its tools are to be listed again, by the clock that nobody can set, ms; -Infinity: at the next check. */
  listAgainAtMs: number;
  /** A whole probe is wanted at the next check: it came back, or its tools are said to have changed. */
  wantsWhole: boolean;
}

const KEPT_STATES: readonly ObservedStatus[] = ['healthy', 'degraded', 'auth_required', 'unhealthy'];

/** What was stored before a restart, as the state to go on from. */
function recall(up: boolean, seen: Observation | undefined): InstanceState {
  if (seen === undefined || !KEPT_STATES.includes(seen.observed)) return { ...UNSEEN, up };
  const observed = up ? (seen.observed === 'unhealthy' ? 'unknown' : seen.observed) : 'unhealthy';
  return { ...UNSEEN, up, observed, problem: seen.problem, remedy: seen.remedy, failures: up ? 0 : 2 };
}

/** Makes the memory of a server from what is stored of it. */
export function recallServer(server: StoredServer, seen: Observation | undefined): ServerMemory {
  const memory: ServerMemory = { instances: new Map(), observation: seen, listAgainAtMs: -Infinity, wantsWhole: false };
  for (const instance of server.instances) memory.instances.set(instance.id, recallInstance(instance, seen));
  return memory;
}

export function recallInstance(
  instance: StoredServer['instances'][number],
  seen: Observation | undefined,
): InstanceMemory {
  return {
    url: instance.url,
    state: recall(instance.up, seen),
    era: seen?.era ?? null,
    protocolVersion: seen?.protocolVersion ?? null,
    tools: instance.toolsHash,
  };
}
