import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A server may have its own CA and client certificate; sealed as a whole, since the key is a secret. */
export const serverTls: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table servers add column tls_sealed text not null default ''`.execute(db);
  },
};
