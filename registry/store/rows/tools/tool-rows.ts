import type { Kysely } from 'kysely';
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

/** The tools that each server lists now, and how they changed. */
export function createToolRows(db: Kysely<Tables>) {
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

    /** Name → hash of what a server lists. */
    async hashes(serverId: string): Promise<Map<string, string>> {
      const rows = await db.selectFrom('tools').select(['name', 'hash']).where('server_id', '=', serverId).execute();
      return new Map(rows.map((row) => [row.name, row.hash]));
    },

    /** Writes one tool, new or changed, and gives its id. */
    async put(serverId: string, { name, hash, tool, findings }: StoredTool): Promise<number> {
      const values = { hash, tool_json: JSON.stringify(tool), findings_json: JSON.stringify(findings) };
      const row = await db
        .insertInto('tools')
        .values({ server_id: serverId, name, ...values })
        .onConflict((conflict) => conflict.columns(['server_id', 'name']).doUpdateSet(values))
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },

    /** Takes a tool out and gives its id, if it was there. */
    async remove(serverId: string, name: string): Promise<number | undefined> {
      const row = await db
        .deleteFrom('tools')
        .where('server_id', '=', serverId)
        .where('name', '=', name)
        .returning('id')
        .executeTakeFirst();
      return row?.id;
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

    /** Newest first. */
    async changes(serverId: string, query: { limit: number; beforeId?: number | undefined }): Promise<ToolChange[]> {
      let select = db
        .selectFrom('tool_changes')
        .selectAll()
        .where('server_id', '=', serverId)
        .orderBy('id', 'desc')
        .limit(query.limit);
      if (query.beforeId !== undefined) select = select.where('id', '<', query.beforeId);
      return (await select.execute()).map((row) => ({
        id: row.id,
        at: row.at,
        kind: row.kind as ToolChange['kind'],
        tool: row.tool,
        previousName: row.previous_name,
        fields: JSON.parse(row.fields_json) as ToolChange['fields'],
        before: read(row.before_json),
        after: read(row.after_json),
      }));
    },

    /** Deletes all but the newest `limit` changes of a server. */
    async pruneChanges(serverId: string, limit: number): Promise<void> {
      const last = await db
        .selectFrom('tool_changes')
        .select('id')
        .where('server_id', '=', serverId)
        .orderBy('id', 'desc')
        .limit(1)
        .offset(limit)
        .executeTakeFirst();
      if (last === undefined) return;
      await db.deleteFrom('tool_changes').where('server_id', '=', serverId).where('id', '<=', last.id).execute();
    },
  };
}
