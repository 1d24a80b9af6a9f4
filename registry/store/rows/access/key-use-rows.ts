import type { Kysely } from 'kysely';
import type { Tables } from '../../tables.ts';

/** When a key was last used. */
export interface KeyUse {
  keyId: string;
  agent: string;
  /** ISO 8601. */
  at: string;
}

/** Last uses of keys, read from calls.log. Those of revoked keys remain until their agent is removed. */
export function createKeyUseRows(db: Kysely<Tables>) {
  return {
    async list(agent?: string): Promise<KeyUse[]> {
      const all = db.selectFrom('key_uses').selectAll();
      const rows = await (agent === undefined ? all : all.where('agent', '=', agent)).execute();
      return rows.map((row) => ({ keyId: row.key_id, agent: row.agent, at: row.at }));
    },

    /** Stores uses that are newer than the stored ones; those of a removed agent are ignored. */
    async put(uses: readonly KeyUse[]): Promise<void> {
      for (const { keyId, agent, at } of uses) {
        const known = await db.selectFrom('agents').select('name').where('name', '=', agent).executeTakeFirst();
        if (known === undefined) continue;
        await db
          .insertInto('key_uses')
          .values({ key_id: keyId, agent, at })
          .onConflict((conflict) => conflict.column('key_id').doUpdateSet({ agent, at }).where('key_uses.at', '<', at))
          .execute();
      }
    },

    /** Deletes the uses of an agent's keys. */
    async removeOf(agent: string): Promise<void> {
      await db.deleteFrom('key_uses').where('agent', '=', agent).execute();
    },
  };
}
