import type { Kysely } from 'kysely';
import type { Tables } from '../../tables.ts';

/** Servers at a moment. */
export interface StoredServerCounts {
  /** Epoch milliseconds. */
  at: number;
  servers: number;
  healthy: number;
  tools: number;
}

/** How many servers there were, over time. */
export function createServerCountRows(db: Kysely<Tables>) {
  return {
    /** Replaces what was counted at the same moment, and deletes what was counted before `keepFromMs`. */
    async put(counts: StoredServerCounts, keepFromMs: number): Promise<void> {
      await db.insertInto('server_counts').orReplace().values(counts).execute();
      await db.deleteFrom('server_counts').where('at', '<', keepFromMs).execute();
    },

    /** Oldest first. */
    list: (fromMs: number): Promise<StoredServerCounts[]> =>
      db.selectFrom('server_counts').selectAll().where('at', '>=', fromMs).orderBy('at').execute(),
  };
}
