import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Servers at a URL that the bridge offers in every protocol version. */
export const adaptedServers: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table servers add column adapt integer not null default 0`.execute(db);
  },
};
