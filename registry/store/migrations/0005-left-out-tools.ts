import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Invalid tools of each instance: a pin in mode `enforce` refuses them, regardless of the lists of other instances. */
export const leftOutTools: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table instances add column left_out_json text not null default '[]'`.execute(db);
  },
};
