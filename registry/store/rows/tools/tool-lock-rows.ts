import type { Kysely } from 'kysely';
import type { ToolLockMode, Tool } from '../../../contract/index.ts';
import type { Tables } from '../../tables.ts';

export interface StoredToolLock {
  mode: ToolLockMode;
  lockedAt: string;
  lockedBy: string;
}

export interface Approval {
  name: string;
  hash: string;
  tool: Tool;
}

/** Which servers are locked, and which definitions of their tools were approved. */
export function createToolLockRows(db: Kysely<Tables>) {
  return {
    async byServer(serverId: string): Promise<StoredToolLock | undefined> {
      const row = await db.selectFrom('tool_locks').selectAll().where('server_id', '=', serverId).executeTakeFirst();
      return row && { mode: row.mode as ToolLockMode, lockedAt: row.locked_at, lockedBy: row.locked_by };
    },

    /** The lock modes of those of these servers that are locked. */
    async modes(serverIds: readonly string[]): Promise<Map<string, ToolLockMode>> {
      const rows = await db
        .selectFrom('tool_locks')
        .select(['server_id', 'mode'])
        .where('server_id', 'in', serverIds)
        .execute();
      return new Map(rows.map((row) => [row.server_id, row.mode as ToolLockMode]));
    },

    async serverIds(): Promise<string[]> {
      return (await db.selectFrom('tool_locks').select('server_id').execute()).map((row) => row.server_id);
    },

    async put(serverId: string, lock: StoredToolLock): Promise<void> {
      const values = { mode: lock.mode, locked_at: lock.lockedAt, locked_by: lock.lockedBy };
      await db
        .insertInto('tool_locks')
        .values({ server_id: serverId, ...values })
        .onConflict((conflict) => conflict.column('server_id').doUpdateSet(values))
        .execute();
    },

    /** Unlocks; the approvals are deleted too. */
    async remove(serverId: string): Promise<void> {
      await db.deleteFrom('tool_locks').where('server_id', '=', serverId).execute();
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

    /** Approvals under these names, by server. */
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
