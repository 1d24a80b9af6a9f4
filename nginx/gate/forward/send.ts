import type { Endpoint } from '../guard/route.ts';
import type { Instance, ServerRecord } from '../records/index.ts';
import { encodeQuery } from './query.ts';

/** The internal location of an instance's endpoint. */
export function instanceUri(serverId: string, instanceId: string, endpoint: Endpoint): string {
  return `upstream/${serverId}/${instanceId}/${endpoint}`;
}

/** The query of an instance's URL as it is sent; empty: none. Undefined when it cannot be sent. */
export function queryOf(server: ServerRecord, instance: Instance): string | undefined {
  if (instance.query === undefined) return '';
  const name = `query ${instance.id}`;
  const before = server.derived[name] as string | undefined;
  if (before !== undefined) return before;
  const query = encodeQuery(instance.query);
  if (query !== undefined) server.derived[name] = query;
  return query;
}
