import type { Call } from '../../decide/judge-caller.ts';
import type { Granted } from '../../access/identity/grants.ts';
import type { ServerRecord } from '../../access/records/index.ts';
import type { Endpoint } from '../../request/guard/route.ts';

const LISTS: Record<string, true | undefined> = {
  'tools/list': true,
  'resources/list': true,
  'resources/templates/list': true,
  'prompts/list': true,
  // A long-lived stream.
  'subscriptions/listen': true,
};

/** Whether an agent may see only a part of what a server lists. */
export function mustCutLists(granted: Granted, server: ServerRecord): boolean {
  return granted.isRestricted || server.tools !== undefined;
}

/** The members of a call that decide whether lists in its reply must be filtered. */
type Filterable = Pick<Call, 'method' | 'granted' | 'server'>;

/**
 * Whether the reply may contain lists that the agent may not see in full. A server whose tool lock blocks is not trusted to send a response only
 * on the reply to its request: all of its replies are read. A trusted server lists tools only on request, or on a stream.
 */
export function needsFilter(call: Filterable, endpoint: Endpoint, methods: readonly string[]): boolean {
  if (call.server.tools !== undefined) return call.method !== 'DELETE';
  if (!call.granted.isRestricted) return false;
  if (call.method === 'GET' || endpoint === 'message') return true;
  for (const method of methods) if (LISTS[method] === true) return true;
  return false;
}
