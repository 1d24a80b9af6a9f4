import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which tools an instance lists wrongly: a pin that enforces refuses them, whatever other instances list. */
export const leftOutTools: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table instances add column left_out_json text not null default '[]'`.execute(db);
  },
};
