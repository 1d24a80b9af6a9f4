import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Virtual servers: the current tools, and each version of them. */
export const virtualServers: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table servers add column virtual_json text`.execute(db);
    await sql`create index servers_virtual on servers (id) where virtual_json is not null`.execute(db);
    await sql`create table virtual_versions (
      server_id text not null,
      version integer not null,
      at text not null,
      by text not null,
      tools_json text not null,
      primary key (server_id, version)
    ) without rowid`.execute(db);
  },
};
