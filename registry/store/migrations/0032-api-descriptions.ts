import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Servers that are REST APIs: properties of the description, and its text, which lists of servers never read. */
export const apiDescriptions: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table servers add column openapi_json text`.execute(db);
    await sql`create table api_descriptions (server_id text primary key, document text not null)`.execute(db);
  },
};
