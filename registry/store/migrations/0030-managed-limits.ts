import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which configuration sets limits (empty: none); existing ones are marked when it is next applied. */
export const managedLimits: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table limits add column managed_by text not null default ''`.execute(db);
  },
};
