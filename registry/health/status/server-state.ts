import type { Era, HealthStatus } from '../../contract/index.ts';
import type { Observation, StoredServer } from '../../store/index.ts';
import type { Moves } from './guard-moves.ts';
import { FALL, UNCHECKED, type InstanceState } from './instance-health.ts';

/** What is known of one instance between checks. */
export interface KnownInstance {
  /** URL that was checked: another URL under the same id starts without a state. */
  url: string;
  state: InstanceState;
  era: Era | null;
  protocolVersion: string | null;
  /** Hash of the tools that it listed last. */
  toolsHash: string | null;
  /** The flaw found by the last full probe that passed; a check of the handshake alone does not detect it. */
  flaw: { problem: string | null; remedy: string | null } | null;
  /** Moves of its endpoints since a person changed the server; null: none. */
  moves: Moves | null;
}

/** What is known of one server between checks; deleted with it. */
export interface ServerState {
  instances: Map<string, KnownInstance>;
  observation: Observation | undefined;
  /** When its tools are to be listed again: milliseconds of the monotonic clock; -Infinity: at the next check. */
  listAgainAtMs: number;
  /** The next check is a full probe: the server is up again, or sent a notification that its tools changed. */
  wantsFullProbe: boolean;
}

const RESTORED_STATES: readonly HealthStatus[] = ['healthy', 'degraded', 'auth_required', 'unhealthy'];

/** The state to continue from after a restart. */
function restoreState(up: boolean, stored: Observation | undefined): InstanceState {
  if (stored === undefined || !RESTORED_STATES.includes(stored.health)) return { ...UNCHECKED, up };
  const health = up ? (stored.health === 'unhealthy' ? 'unknown' : stored.health) : 'unhealthy';
  return { ...UNCHECKED, up, health, problem: stored.problem, remedy: stored.remedy, failures: up ? 0 : FALL };
}

export function restoreInstance(
  instance: StoredServer['instances'][number],
  stored: Observation | undefined,
): KnownInstance {
  return {
    url: instance.url,
    state: restoreState(instance.up, stored),
    era: stored?.era ?? null,
    protocolVersion: stored?.protocolVersion ?? null,
    toolsHash: instance.toolsHash,
    flaw: null,
    moves: null,
  };
}

/** Restores the state of a server from the store. */
export function restoreServerState(server: StoredServer, stored: Observation | undefined): ServerState {
  const instances = new Map(server.instances.map((instance) => [instance.id, restoreInstance(instance, stored)]));
  return { instances, observation: stored, listAgainAtMs: -Infinity, wantsFullProbe: false };
}
