import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Names of the agents' headers that are forwarded to a server. */
export const forwardHeaders: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table servers add column forward_headers_json text not null default '[]'`.execute(db);
  },
};
