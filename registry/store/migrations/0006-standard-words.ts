import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const STATEMENTS = [
  'alter table pins rename to tool_locks',
  'alter table tool_locks rename column pinned_at to locked_at',
  'alter table tool_locks rename column pinned_by to locked_by',
  `update tool_locks set mode = 'block' where mode = 'enforce'`,
  'alter table instances rename column left_out_json to malformed_json',
  'alter table generations rename column set_aside_json to rejected_json',
  'alter table checks rename column observed to health',
  'alter table observations rename column observed to health',
];

/** Renames tables, columns and values to the names of the API. */
export const standardWords: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
