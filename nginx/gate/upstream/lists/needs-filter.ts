import type { Call } from '../../decide/judge-caller.ts';
import type { Granted } from '../../access/identity/grants.ts';
import type { ServerRecord } from '../../access/records/index.ts';
import type { Endpoint } from '../../request/guard/route.ts';

const LISTS: Record<string, true | undefined> = {
  'tools/list': true,
  'resources/list': true,
  'resources/templates/list': true,
  'prompts/list': true,
  // A stream that stands.
  'subscriptions/listen': true,
};

/** Whether an agent may not see all that a server lists. */
export function mustCutLists(granted: Granted, server: ServerRecord): boolean {
  return granted.isRestricted || server.tools !== undefined;
}

/** What of a call decides whether lists in its reply must be filtered. */
type Filterable = Pick<Call, 'method' | 'granted' | 'server'>;

/**
 * Whether the reply may have lists of which the agent may not see all. A server whose tool lock blocks is not trusted to answer a call on its
 * own reply: all of its replies are read. One that is trusted lists tools only where it is asked to, or on a stream.
 */
export function needsFilter(call: Filterable, endpoint: Endpoint, methods: readonly string[]): boolean {
  if (call.server.tools !== undefined) return call.method !== 'DELETE';
  if (!call.granted.isRestricted) return false;
  if (call.method === 'GET' || endpoint === 'message') return true;
  for (const method of methods) if (LISTS[method] === true) return true;
  return false;
}
