import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which configuration gives limits (empty: none); those that were given before are marked when it is applied next. */
export const managedLimits: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table limits add column managed_by text not null default ''`.execute(db);
  },
};
