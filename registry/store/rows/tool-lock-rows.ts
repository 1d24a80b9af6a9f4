import type { Kysely } from 'kysely';
import type { PinMode, Tool } from '../../contract/index.ts';
import type { Tables } from '../tables.ts';

export interface StoredPin {
  mode: PinMode;
  pinnedAt: string;
  pinnedBy: string;
}

export interface Approval {
  name: string;
  hash: string;
  tool: Tool;
}

/** Which servers are pinned, and which definitions of their tools were approved. */
export function createPinRows(db: Kysely<Tables>) {
  return {
    async byServer(serverId: string): Promise<StoredPin | undefined> {
      const row = await db.selectFrom('pins').selectAll().where('server_id', '=', serverId).executeTakeFirst();
      return row && { mode: row.mode as PinMode, pinnedAt: row.pinned_at, pinnedBy: row.pinned_by };
    },

    /** Those of these servers that are pinned, with how. */
    async modes(serverIds: readonly string[]): Promise<Map<string, PinMode>> {
      const rows = await db
        .selectFrom('pins')
        .select(['server_id', 'mode'])
        .where('server_id', 'in', serverIds)
        .execute();
      return new Map(rows.map((row) => [row.server_id, row.mode as PinMode]));
    },

    async serverIds(): Promise<string[]> {
      return (await db.selectFrom('pins').select('server_id').execute()).map((row) => row.server_id);
    },

    async put(serverId: string, pin: StoredPin): Promise<void> {
      const values = { mode: pin.mode, pinned_at: pin.pinnedAt, pinned_by: pin.pinnedBy };
      await db
        .insertInto('pins')
        .values({ server_id: serverId, ...values })
        .onConflict((conflict) => conflict.column('server_id').doUpdateSet(values))
        .execute();
    },

    /** Unpins; the approvals go with it. */
    async remove(serverId: string): Promise<void> {
      await db.deleteFrom('pins').where('server_id', '=', serverId).execute();
    },

    /** Sorted by name. */
    async approvals(serverId: string): Promise<Approval[]> {
      const rows = await db
        .selectFrom('approvals')
        .selectAll()
        .where('server_id', '=', serverId)
        .orderBy('name')
        .execute();
      return rows.map((row) => ({ name: row.name, hash: row.hash, tool: JSON.parse(row.tool_json) as Tool }));
    },

    /** What was approved under these names, by server. */
    async approvalsOf(serverIds: readonly string[], names: readonly string[]): Promise<Map<string, Approval[]>> {
      const rows = await db
        .selectFrom('approvals')
        .selectAll()
        .where('server_id', 'in', serverIds)
        .where('name', 'in', names)
        .execute();
      const read = rows.map((row) => ({ ...row, tool: JSON.parse(row.tool_json) as Tool }));
      return Map.groupBy(read, (row) => row.server_id);
    },

    async approve(serverId: string, tools: readonly Approval[]): Promise<void> {
      for (const { name, hash, tool } of tools) {
        const values = { hash, tool_json: JSON.stringify(tool) };
        await db
          .insertInto('approvals')
          .values({ server_id: serverId, name, ...values })
          .onConflict((conflict) => conflict.columns(['server_id', 'name']).doUpdateSet(values))
          .execute();
      }
    },

    async forget(serverId: string, names: readonly string[]): Promise<void> {
      if (names.length === 0) return;
      await db.deleteFrom('approvals').where('server_id', '=', serverId).where('name', 'in', names).execute();
    },
  };
}
