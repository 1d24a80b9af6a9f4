import type { Kysely } from 'kysely';
import type { Tables } from '../../tables.ts';

export type ManagedKind = 'server' | 'agent' | 'group';

/** A server, agent or group that a configuration contains but that is changed through the API. */
export interface TakenOver {
  kind: ManagedKind;
  /** Path of the server, name of the agent or group. */
  name: string;
  /** The configuration that it was taken over from. */
  source: string;
  at: string;
  by: string;
}

/** Objects that were explicitly taken over from a configuration. */
export function createTakenOverRows(db: Kysely<Tables>) {
  return {
    async all(): Promise<TakenOver[]> {
      const rows = await db.selectFrom('taken_over').selectAll().orderBy('kind').orderBy('name').execute();
      return rows.map((row) => ({ ...row, kind: row.kind as ManagedKind }));
    },

    async put(taken: TakenOver): Promise<void> {
      const { kind: _, name: __, ...values } = taken;
      await db
        .insertInto('taken_over')
        .values(taken)
        .onConflict((conflict) => conflict.columns(['kind', 'name']).doUpdateSet(values))
        .execute();
    },

    async remove(kind: ManagedKind, name: string): Promise<void> {
      await db.deleteFrom('taken_over').where('kind', '=', kind).where('name', '=', name).execute();
    },
  };
}
