import type { Place } from '../../request/guard/places.ts';
import type { Endpoint } from '../../request/guard/route.ts';
import type { Instance, ServerRecord } from '../../access/records/index.ts';

const DERIVED: Record<Endpoint, string> = {
  mcp: 'candidates mcp',
  sse: 'candidates sse',
  message: 'candidates message',
};

/**
 * Instances to which a call can go: known to the registry now and to the configuration that serves. Remembered with the server's record,
 * since a worker has one configuration.
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
  // Most servers have one. LuaJIT compiles no function on whose way a loop of one turn is.
  const first = instances[0];
  if (first === undefined || first.id === id) return first;
  for (const instance of instances) if (instance.id === id) return instance;
  return undefined;
}

/**
 * The instance for a call that belongs to no session: by weight, `chance` (0 ≤ chance < 1) deciding. Those that are down are taken only when
 * all are, for the health check may be wrong; those in `tried` never. Undefined when none is left.
 */
export function chooseInstance(
  candidates: readonly Instance[],
  tried: readonly string[],
  chance: number,
): Instance | undefined {
  const up: Instance[] = [];
  let left: Instance[] = [];
  for (const instance of candidates) {
    if (tried.includes(instance.id)) continue;
    left.push(instance);
    if (instance.up) up.push(instance);
  }
  if (up.length > 0) left = up;
  if (left.length < 2) return left[0];
  let total = 0;
  for (const instance of left) total += instance.weight;
  let at = chance * total;
  for (const instance of left) {
    at -= instance.weight;
    if (at < 0) return instance;
  }
  return left[left.length - 1];
}

/** The instance of a session, or undefined when the client had better begin a new one. */
export function findHome(candidates: readonly Instance[], id: string): Instance | undefined {
  const home = findInstance(candidates, id);
  if (home === undefined || home.up) return home;
  // It has been down for some time and others are not: what it held is lost.
  for (const instance of candidates) if (instance.up) return undefined;
  return home;
}
