import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A generation that NGINX was confirmed to serve is `verified`; it was called `proven`. */
export const verifiedGenerations: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table generations rename column proven_at to verified_at`.execute(db);
    await sql`update generations set state = 'verified' where state = 'proven'`.execute(db);
  },
};
