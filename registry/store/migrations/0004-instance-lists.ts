import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The last tool list of each instance, so that a pin covers all of them. For a single instance it is the list of the server. */
export const instanceLists: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table instances add column tools_hash text references snapshots(hash)`.execute(db);
    await sql`update instances set tools_hash = (
      select snapshot_hash from observations where observations.server_id = instances.server_id
    ) where (select count(*) from instances as others where others.server_id = instances.server_id) = 1`.execute(db);
  },
};
