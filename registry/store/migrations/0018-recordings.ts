import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which data of a server's calls is recorded in addition to their names. */
export const recordings: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table recordings (server_id text primary key, value_json text not null) without rowid`.execute(db);
  },
};
