import type { Kysely } from 'kysely';
import type { Tables } from '../../tables.ts';

/** Counts of servers at a point in time. */
export interface StoredServerCounts {
  /** Epoch milliseconds. */
  at: number;
  servers: number;
  healthy: number;
  tools: number;
}

/** Counts of servers over time. */
export function createServerCountRows(db: Kysely<Tables>) {
  return {
    /** Replaces counts with the same time, and deletes those before `keepFromMs`. */
    async put(counts: StoredServerCounts, keepFromMs: number): Promise<void> {
      await db.insertInto('server_counts').orReplace().values(counts).execute();
      await db.deleteFrom('server_counts').where('at', '<', keepFromMs).execute();
    },

    /** Oldest first. */
    list: (fromMs: number): Promise<StoredServerCounts[]> =>
      db.selectFrom('server_counts').selectAll().where('at', '>=', fromMs).orderBy('at').execute(),
  };
}
