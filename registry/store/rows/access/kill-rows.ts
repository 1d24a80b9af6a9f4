import type { Kysely } from 'kysely';
import type { KillScope } from '../../../contract/index.ts';
import type { Tables } from '../../tables.ts';

/** A kill switch that is on. */
export interface StoredKill {
  id: string;
  scope: KillScope;
  /** The agent's name or the server's id; empty: everything. */
  target: string;
  reason: string;
  at: string;
  by: string;
}

/** Kill switches. */
export function createKillRows(db: Kysely<Tables>) {
  return {
    /** Newest first. */
    async all(): Promise<StoredKill[]> {
      const rows = await db.selectFrom('kills').selectAll().orderBy('at', 'desc').execute();
      return rows.map((row) => ({ ...row, scope: row.scope as KillScope }));
    },

    async byTarget(scope: KillScope, target: string): Promise<StoredKill | undefined> {
      const found = db.selectFrom('kills').selectAll().where('scope', '=', scope).where('target', '=', target);
      const row = await found.executeTakeFirst();
      return row && { ...row, scope };
    },

    /** Switches on, or changes the reason of one that is on. */
    async put(kill: StoredKill): Promise<void> {
      const { id: _, ...values } = kill;
      await db
        .insertInto('kills')
        .values(kill)
        .onConflict((conflict) => conflict.columns(['scope', 'target']).doUpdateSet(values))
        .execute();
    },

    async remove(scope: KillScope, target: string): Promise<void> {
      await db.deleteFrom('kills').where('scope', '=', scope).where('target', '=', target).execute();
    },
  };
}
