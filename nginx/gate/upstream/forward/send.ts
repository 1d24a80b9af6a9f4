import type { Endpoint } from '../../request/guard/route.ts';
import type { Instance, ServerRecord } from '../../access/records/index.ts';
import { encodeQuery } from './query.ts';

/** Suffix of the locations whose replies are filtered. */
const FILTERED = '/lists';

/** Whether a location filters lists. */
export function isFilteredUri(uri: string): boolean {
  return uri.endsWith(FILTERED);
}

/** The internal location of an instance's endpoint: the one that filters lists, or the one that does not. */
export function instanceUri(serverId: string, instanceId: string, endpoint: Endpoint, isFiltered: boolean): string {
  const uri = `upstream/${serverId}/${instanceId}/${endpoint}`;
  return isFiltered ? uri + FILTERED : uri;
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
