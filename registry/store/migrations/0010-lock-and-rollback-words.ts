import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const STATEMENTS = [
  `update audit set action = 'tools.locked' where action = 'tools.pinned'`,
  `update audit set action = 'tools.unlocked' where action = 'tools.unpinned'`,
  `update meta set key = 'publishing.rollback' where key = 'publishing.pin'`,
];

/** Renames stored audit actions and the stored rollback to the names of the API; both were called pins. */
export const lockAndRollbackWords: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
