import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Servers that the bridge runs: the program, and its environment, which may be secret. */
export const programs: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table servers add column program_json text`.execute(db);
    await sql`alter table servers add column env_names_json text not null default '[]'`.execute(db);
    await sql`alter table servers add column env_sealed text not null default ''`.execute(db);
  },
};
