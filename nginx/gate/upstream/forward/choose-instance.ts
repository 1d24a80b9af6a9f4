import type { Place } from '../../request/guard/places.ts';
import type { Endpoint } from '../../request/guard/route.ts';
import type { Instance, ServerRecord } from '../../access/records/index.ts';

const DERIVED: Record<Endpoint, string> = {
  mcp: 'candidates mcp',
  sse: 'candidates sse',
  message: 'candidates message',
};

/**
 * Instances to which a call can be sent: those in both the current records and the configuration of this worker. Cached with the server's
 * record, since a worker has only one configuration.
 */
export function listCandidates(
  place: Place,
  server: Pick<ServerRecord, 'derived' | 'instances'>,
  endpoint: Endpoint,
): readonly Instance[] {
  const name = DERIVED[endpoint];
  const before = server.derived[name] as readonly Instance[] | undefined;
  if (before !== undefined) return before;
  const found: Instance[] = [];
  for (const instance of server.instances) {
    if (place.routed[instance.id]?.[endpoint] === true) found.push(instance);
  }
  server.derived[name] = found;
  return found;
}

/** The instance with this id; undefined: the server has none. */
export function findInstance(instances: readonly Instance[], id: string): Instance | undefined {
  // Most servers have one. LuaJIT compiles no function whose path contains a loop of one iteration.
  const first = instances[0];
  if (first === undefined || first.id === id) return first;
  for (const instance of instances) if (instance.id === id) return instance;
  return undefined;
}

/**
 * The instance for a call that belongs to no session: chosen by weight and `chance` (0 ≤ chance < 1). Instances that are down are used only if
 * all are, since the health check may be wrong; those in `tried` never. Undefined when none remains.
 */
export function chooseInstance(
  candidates: readonly Instance[],
  tried: readonly string[],
  chance: number,
): Instance | undefined {
  const up: Instance[] = [];
  let remaining: Instance[] = [];
  for (const instance of candidates) {
    if (tried.includes(instance.id)) continue;
    remaining.push(instance);
    if (instance.up) up.push(instance);
  }
  if (up.length > 0) remaining = up;
  if (remaining.length < 2) return remaining[0];
  let total = 0;
  for (const instance of remaining) total += instance.weight;
  let at = chance * total;
  for (const instance of remaining) {
    at -= instance.weight;
    if (at < 0) return instance;
  }
  return remaining[remaining.length - 1];
}

/** The instance of a session, or undefined when the client should begin a new one. */
export function findHome(candidates: readonly Instance[], id: string): Instance | undefined {
  const home = findInstance(candidates, id);
  if (home === undefined || home.up) return home;
  // It has been down for some time and others are up: its sessions are considered lost.
  for (const instance of candidates) if (instance.up) return undefined;
  return home;
}
