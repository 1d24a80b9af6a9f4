import type { Kysely } from 'kysely';
import type { MalformedTool } from '../../../contract/index.ts';
import type { Tables } from '../../tables.ts';

/** What the enabled instances of a server listed last, of those that ever did. */
export interface InstanceLists {
  /** Snapshots, each once. */
  hashes: Set<string>;
  /** Names of tools that one of them lists wrongly. */
  malformed: Set<string>;
}

/** What instances list, for many servers at once. */
export function createInstanceListRows(db: Kysely<Tables>) {
  return {
    /** By server; one of which no enabled instance ever listed its tools has none. */
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
