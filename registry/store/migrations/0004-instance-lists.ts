import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What each instance listed last, so that a pin judges all of them. Where there is one instance, it is what the server listed. */
export const instanceLists: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table instances add column tools_hash text references snapshots(hash)`.execute(db);
    await sql`update instances set tools_hash = (
      select snapshot_hash from observations where observations.server_id = instances.server_id
    ) where (select count(*) from instances as others where others.server_id = instances.server_id) = 1`.execute(db);
  },
};
