import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Number of servers per minute. `at` is epoch milliseconds. */
export const serverCounts: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table server_counts (
      at integer primary key, servers integer not null, healthy integer not null, tools integer not null
    ) strict`.execute(db);
  },
};
