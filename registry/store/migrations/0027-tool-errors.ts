import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Counts calls whose result has isError set; earlier calls were not counted. */
export const toolErrors: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table call_counts add column tool_errors integer not null default 0`.execute(db);
  },
};
