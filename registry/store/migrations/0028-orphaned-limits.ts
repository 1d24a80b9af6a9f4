import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Deletes limits of agents and groups that a configuration removed; they would apply to the next one with the same name. */
export const orphanedLimits: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`delete from limits where scope = 'agent' and target not in (select name from agents)`.execute(db);
    await sql`delete from limits where scope = 'group' and target not in (select name from groups)`.execute(db);
    await sql`delete from limits where scope = 'server' and target not in (select id from servers)`.execute(db);
    await sql`delete from recordings where server_id not in (select id from servers)`.execute(db);
  },
};
