import type { Kysely } from 'kysely';
import type { Tables } from '../../tables.ts';

/** Sessions of users, by the hash of the session id, so that the database alone does not allow a login. */
export function createSessionRows(db: Kysely<Tables>) {
  return {
    /** The data of a session that has not expired at `now` (ISO 8601), and when it expires. */
    async get(sidHash: string, now: string): Promise<{ data: string; expiresAt: string } | undefined> {
      const row = await db
        .selectFrom('sessions')
        .select(['data_json', 'expires_at'])
        .where('sid_hash', '=', sidHash)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return row && { data: row.data_json, expiresAt: row.expires_at };
    },

    async put(session: { sidHash: string; username: string | null; data: string; expiresAt: string }): Promise<void> {
      const values = { username: session.username, data_json: session.data, expires_at: session.expiresAt };
      await db
        .insertInto('sessions')
        .values({ sid_hash: session.sidHash, ...values })
        .onConflict((conflict) => conflict.column('sid_hash').doUpdateSet(values))
        .execute();
    },

    async touch(sidHash: string, expiresAt: string): Promise<void> {
      await db.updateTable('sessions').set({ expires_at: expiresAt }).where('sid_hash', '=', sidHash).execute();
    },

    async remove(sidHash: string): Promise<void> {
      await db.deleteFrom('sessions').where('sid_hash', '=', sidHash).execute();
    },

    /** Ends every session of a user: forced logout. Returns their number. */
    async removeOf(username: string, exceptSidHash = ''): Promise<number> {
      const done = await db
        .deleteFrom('sessions')
        .where('username', '=', username)
        .where('sid_hash', '!=', exceptSidHash)
        .executeTakeFirst();
      return Number(done.numDeletedRows);
    },

    async removeExpired(now: string): Promise<void> {
      await db.deleteFrom('sessions').where('expires_at', '<=', now).execute();
    },
  };
}
