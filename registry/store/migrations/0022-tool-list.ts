import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What the meta endpoint lists for an agent. */
export const toolList: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table agents add column tool_list text not null default 'auto'`.execute(db);
  },
};
