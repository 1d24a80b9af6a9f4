import { sql, type Kysely } from 'kysely';
import type { TextFinding, Tool, ToolChange } from '../../../contract/index.ts';
import type { Tables } from '../../tables.ts';

export interface StoredTool {
  name: string;
  hash: string;
  tool: Tool;
  findings: TextFinding[];
}

function write(tool: Tool | null): string | null {
  return tool === null ? null : JSON.stringify(tool);
}
function read(text: string | null): Tool | null {
  return text === null ? null : (JSON.parse(text) as Tool);
}

interface ChangeSize {
  id: number;
  bytes: number;
}

/** How many changes, from the first on, have at most `maxBytes` in total. */
function countWithin(sizes: readonly ChangeSize[], maxBytes: number): number {
  let remaining = maxBytes;
  const at = sizes.findIndex(({ bytes }) => (remaining -= bytes) < 0);
  return at < 0 ? sizes.length : at;
}

/** The current tools of each server, and their changes. */
export function createToolRows(db: Kysely<Tables>) {
  /** The size of the definitions of each change, newest first. */
  function changeSizes(serverId: string, limit: number, beforeId?: number): Promise<ChangeSize[]> {
    let select = db
      .selectFrom('tool_changes')
      .select([
        'id',
        sql<number>`coalesce(octet_length(before_json), 0) + coalesce(octet_length(after_json), 0)`.as('bytes'),
      ])
      .where('server_id', '=', serverId)
      .orderBy('id', 'desc')
      .limit(limit);
    if (beforeId !== undefined) select = select.where('id', '<', beforeId);
    return select.execute();
  }

  return {
    /** Sorted by name. */
    async byServer(serverId: string): Promise<StoredTool[]> {
      const rows = await db.selectFrom('tools').selectAll().where('server_id', '=', serverId).orderBy('name').execute();
      return rows.map((row) => ({
        name: row.name,
        hash: row.hash,
        tool: JSON.parse(row.tool_json) as Tool,
        findings: JSON.parse(row.findings_json) as TextFinding[],
      }));
    },

    /** Hashes of a server's tools, by name. */
    async hashes(serverId: string): Promise<Map<string, string>> {
      const rows = await db.selectFrom('tools').select(['name', 'hash']).where('server_id', '=', serverId).execute();
      return new Map(rows.map((row) => [row.name, row.hash]));
    },

    /** The tools whose definition contains a text of letters only, sorted by name. */
    async mentioning(serverId: string, text: string): Promise<Tool[]> {
      const rows = await db
        .selectFrom('tools')
        .select('tool_json')
        .where('server_id', '=', serverId)
        .where('tool_json', 'like', `%${text}%`)
        .orderBy('name')
        .execute();
      return rows.map((row) => JSON.parse(row.tool_json) as Tool);
    },

    /** Names of the tools of a server with findings in their texts. */
    async flagged(serverId: string): Promise<Set<string>> {
      const rows = await db
        .selectFrom('tools')
        .select('name')
        .where('server_id', '=', serverId)
        .where('findings_json', '<>', '[]')
        .execute();
      return new Set(rows.map(({ name }) => name));
    },

    /** Writes one tool, new or changed. */
    async put(serverId: string, { name, hash, tool, findings }: StoredTool): Promise<void> {
      const values = { hash, tool_json: JSON.stringify(tool), findings_json: JSON.stringify(findings) };
      await db
        .insertInto('tools')
        .values({ server_id: serverId, name, ...values })
        .onConflict((conflict) => conflict.columns(['server_id', 'name']).doUpdateSet(values))
        .execute();
    },

    async remove(serverId: string, name: string): Promise<void> {
      await db.deleteFrom('tools').where('server_id', '=', serverId).where('name', '=', name).execute();
    },

    async addChanges(serverId: string, changes: readonly Omit<ToolChange, 'id'>[]): Promise<void> {
      for (const change of changes)
        await db
          .insertInto('tool_changes')
          .values({
            server_id: serverId,
            at: change.at,
            kind: change.kind,
            tool: change.tool,
            previous_name: change.previousName,
            fields_json: JSON.stringify(change.fields),
            before_json: write(change.before),
            after_json: write(change.after),
          })
          .execute();
    },

    /** Newest first; at most `limit` changes and about `maxBytes` of definitions, but at least one. */
    async changes(
      serverId: string,
      query: { limit: number; maxBytes: number; beforeId?: number | undefined },
    ): Promise<{ items: ToolChange[]; hasMore: boolean }> {
      const sizes = await changeSizes(serverId, query.limit + 1, query.beforeId);
      const taken = Math.max(Math.min(countWithin(sizes, query.maxBytes), query.limit), Math.min(sizes.length, 1));
      const ids = sizes.slice(0, taken).map(({ id }) => id);
      const rows = await db
        .selectFrom('tool_changes')
        .selectAll()
        .where('id', 'in', ids)
        .orderBy('id', 'desc')
        .execute();
      const items = rows.map((row) => ({
        id: row.id,
        at: row.at,
        kind: row.kind as ToolChange['kind'],
        tool: row.tool,
        previousName: row.previous_name,
        fields: JSON.parse(row.fields_json) as ToolChange['fields'],
        before: read(row.before_json),
        after: read(row.after_json),
      }));
      return { items, hasMore: sizes.length > taken };
    },

    /** Deletes all but the newest changes of a server: at most `limit`, with at most `maxBytes` of definitions. */
    async pruneChanges(serverId: string, { limit, maxBytes }: { limit: number; maxBytes: number }): Promise<void> {
      const sizes = await changeSizes(serverId, limit + 1);
      const first = sizes[Math.min(countWithin(sizes, maxBytes), limit)];
      if (first === undefined) return;
      await db.deleteFrom('tool_changes').where('server_id', '=', serverId).where('id', '<=', first.id).execute();
    },
  };
}
