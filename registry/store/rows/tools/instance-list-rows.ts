import type { Kysely } from 'kysely';
import type { MalformedTool } from '../../../contract/index.ts';
import type { Tables } from '../../tables.ts';

/** The last tool lists of the enabled instances of a server that ever listed their tools. */
export interface InstanceLists {
  /** Snapshots, each once. */
  hashes: Set<string>;
  /** Names of malformed tools of any of them. */
  malformed: Set<string>;
}

/** Tool lists of instances, for many servers at once. */
export function createInstanceListRows(db: Kysely<Tables>) {
  return {
    /** By server; without an entry if no enabled instance ever listed its tools. */
    async byServers(serverIds: readonly string[]): Promise<Map<string, InstanceLists>> {
      const rows = await db
        .selectFrom('instances')
        .select(['server_id', 'tools_hash', 'malformed_json'])
        .where('server_id', 'in', serverIds)
        .where('enabled', '=', 1)
        .execute();
      const lists = new Map<string, InstanceLists>();
      for (const { server_id: id, tools_hash: hash, malformed_json: malformed } of rows) {
        if (hash === null) continue;
        const known = lists.get(id) ?? { hashes: new Set(), malformed: new Set() };
        known.hashes.add(hash);
        for (const { name } of JSON.parse(malformed) as MalformedTool[]) if (name !== null) known.malformed.add(name);
        lists.set(id, known);
      }
      return lists;
    },
  };
}
