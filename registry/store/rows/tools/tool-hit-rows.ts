import type { Kysely } from 'kysely';
import type { TextFinding, Tool } from '../../../contract/index.ts';
import type { Tables } from '../../tables.ts';

/** A tool that was found, with its stored data. */
export interface StoredHit {
  id: number;
  serverId: string;
  /** Path of the server. */
  server: string;
  tool: Tool;
  hash: string;
  findings: TextFinding[];
}

/** Reads for the search over the tools of all servers. */
export function createToolHitRows(db: Kysely<Tables>) {
  return {
    /** The definitions of a server, to be indexed; sorted by name. */
    async definitions(serverId: string): Promise<{ id: number; tool: Tool }[]> {
      const rows = await db
        .selectFrom('tools')
        .select(['id', 'tool_json'])
        .where('server_id', '=', serverId)
        .orderBy('name')
        .execute();
      return rows.map((row) => ({ id: row.id, tool: JSON.parse(row.tool_json) as Tool }));
    },

    /** The tools with these ids, in this order; without tools that no longer exist or whose server was removed. */
    async byIds(ids: readonly number[]): Promise<StoredHit[]> {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('tools')
        .innerJoin('servers', 'servers.id', 'tools.server_id')
        .select(['tools.id', 'tools.server_id', 'servers.path', 'tools.tool_json', 'tools.hash', 'tools.findings_json'])
        .where('tools.id', 'in', ids)
        .where('servers.removed_at', 'is', null)
        .execute();
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.flatMap((id) => {
        const row = byId.get(id);
        if (row === undefined) return [];
        return {
          id,
          serverId: row.server_id,
          server: row.path,
          tool: JSON.parse(row.tool_json) as Tool,
          hash: row.hash,
          findings: JSON.parse(row.findings_json) as TextFinding[],
        };
      });
    },
  };
}
