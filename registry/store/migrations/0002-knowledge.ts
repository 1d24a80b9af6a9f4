import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Data about servers: checks, tools with their search index, changes of tools, pins. */
export const knowledge: Migration = {
  async up(db: Kysely<unknown>) {
    // Without rowid: the rows of a server are stored together and need no second index.
    await sql`create table checks (
      server_id text not null references servers(id) on delete cascade,
      at integer not null,
      observed text not null,
      latency_ms real,
      problem text,
      primary key (server_id, at)
    ) without rowid`.execute(db);

    await db.schema
      .createTable('tools')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('server_id', 'text', (c) => c.notNull().references('servers.id').onDelete('cascade'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('tool_json', 'text', (c) => c.notNull())
      .addColumn('findings_json', 'text', (c) => c.notNull())
      .addUniqueConstraint('tools_name', ['server_id', 'name'])
      .execute();
    await sql`create virtual table tools_index using fts5(
      name, title, description, server, tags,
      tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
    )`.execute(db);

    await db.schema
      .createTable('tool_changes')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('server_id', 'text', (c) => c.notNull().references('servers.id').onDelete('cascade'))
      .addColumn('at', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('tool', 'text', (c) => c.notNull())
      .addColumn('previous_name', 'text')
      .addColumn('fields_json', 'text', (c) => c.notNull())
      .addColumn('before_json', 'text')
      .addColumn('after_json', 'text')
      .execute();
    await db.schema.createIndex('tool_changes_server').on('tool_changes').columns(['server_id', 'id']).execute();

    await db.schema
      .createTable('pins')
      .addColumn('server_id', 'text', (c) => c.primaryKey().references('servers.id').onDelete('cascade'))
      .addColumn('mode', 'text', (c) => c.notNull())
      .addColumn('pinned_at', 'text', (c) => c.notNull())
      .addColumn('pinned_by', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('approvals')
      .addColumn('server_id', 'text', (c) => c.notNull().references('pins.server_id').onDelete('cascade'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('tool_json', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('approvals_pk', ['server_id', 'name'])
      .execute();
  },
};
