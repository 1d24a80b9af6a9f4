import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Groups of agents, owners of agents, keys that are limited to servers, and when a key was last used. */
export const groups: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table agents add column owner text not null default ''`.execute(db);
    await sql`alter table agents add column tags_json text not null default '[]'`.execute(db);
    await sql`alter table agent_keys add column servers_json text`.execute(db);
    await sql`create table groups (
      name text primary key,
      description text not null,
      grants_json text not null,
      created_at text not null,
      revision integer not null
    )`.execute(db);
    await sql`create table agent_groups (
      agent text not null references agents (name) on delete cascade,
      group_name text not null references groups (name) on delete cascade,
      primary key (agent, group_name)
    ) without rowid`.execute(db);
    await sql`create index agent_groups_group on agent_groups (group_name)`.execute(db);
    await sql`create table key_uses (
      key_id text primary key,
      agent text not null,
      at text not null
    ) without rowid`.execute(db);
    await sql`create index key_uses_agent on key_uses (agent)`.execute(db);
  },
};
