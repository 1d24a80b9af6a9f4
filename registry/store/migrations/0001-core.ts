import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The catalogue, access, users, audit and generations. */
export const core: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('meta')
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('servers')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('path', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('description', 'text', (c) => c.notNull())
      .addColumn('tags_json', 'text', (c) => c.notNull())
      .addColumn('transport', 'text', (c) => c.notNull())
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .addColumn('header_names_json', 'text', (c) => c.notNull())
      .addColumn('headers_sealed', 'text', (c) => c.notNull())
      .addColumn('host_mode', 'text', (c) => c.notNull())
      .addColumn('timeouts_json', 'text', (c) => c.notNull())
      .addColumn('license', 'text', (c) => c.notNull())
      .addColumn('stars', 'integer', (c) => c.notNull())
      .addColumn('metadata_json', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'text', (c) => c.notNull())
      .addColumn('removed_at', 'text')
      .addColumn('revision', 'integer', (c) => c.notNull())
      .execute();
    // A removed server keeps its row so that it can be restored; its path is free again.
    await db.schema
      .createIndex('servers_path')
      .unique()
      .on('servers')
      .column('path')
      .where(sql.ref('removed_at'), 'is', null)
      .execute();

    await db.schema
      .createTable('instances')
      .addColumn('server_id', 'text', (c) => c.notNull().references('servers.id').onDelete('cascade'))
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('position', 'integer', (c) => c.notNull())
      .addColumn('url', 'text', (c) => c.notNull())
      .addColumn('query_sealed', 'text', (c) => c.notNull())
      .addColumn('weight', 'integer', (c) => c.notNull())
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .addColumn('up', 'integer', (c) => c.notNull())
      .addColumn('endpoints_json', 'text')
      .addPrimaryKeyConstraint('instances_pk', ['server_id', 'id'])
      .execute();

    await db.schema
      .createTable('snapshots')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('tools_json', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('observations')
      .addColumn('server_id', 'text', (c) => c.primaryKey().references('servers.id').onDelete('cascade'))
      .addColumn('observed', 'text', (c) => c.notNull())
      .addColumn('era', 'text')
      .addColumn('protocol_version', 'text')
      .addColumn('server_info_json', 'text')
      .addColumn('capabilities_json', 'text', (c) => c.notNull())
      .addColumn('snapshot_hash', 'text', (c) => c.references('snapshots.hash'))
      .addColumn('tool_count', 'integer', (c) => c.notNull())
      .addColumn('checked_at', 'text', (c) => c.notNull())
      .addColumn('latency_ms', 'real')
      .addColumn('problem', 'text')
      .addColumn('remedy', 'text')
      .execute();

    await db.schema
      .createTable('agents')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('description', 'text', (c) => c.notNull())
      .addColumn('role', 'text')
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .addColumn('expires_at', 'text')
      .addColumn('grants_json', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('revision', 'integer', (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('agent_keys')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('agent', 'text', (c) => c.notNull().references('agents.name').onDelete('cascade'))
      .addColumn('sha256', 'text', (c) => c.notNull().unique())
      .addColumn('label', 'text', (c) => c.notNull())
      .addColumn('hint', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'text')
      .execute();
    await db.schema.createIndex('agent_keys_agent').on('agent_keys').column('agent').execute();

    await db.schema
      .createTable('users')
      .addColumn('username', 'text', (c) => c.primaryKey())
      .addColumn('password_hash', 'text', (c) => c.notNull())
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('last_login_at', 'text')
      .addColumn('revision', 'integer', (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('sessions')
      .addColumn('sid_hash', 'text', (c) => c.primaryKey())
      .addColumn('username', 'text')
      .addColumn('data_json', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'text', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('sessions_username').on('sessions').column('username').execute();

    await db.schema
      .createTable('audit')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('at', 'text', (c) => c.notNull())
      .addColumn('actor_kind', 'text', (c) => c.notNull())
      .addColumn('actor_name', 'text', (c) => c.notNull())
      .addColumn('actor_address', 'text')
      .addColumn('action', 'text', (c) => c.notNull())
      .addColumn('target', 'text', (c) => c.notNull())
      .addColumn('before_json', 'text')
      .addColumn('after_json', 'text')
      .addColumn('revision', 'integer', (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('generations')
      .addColumn('number', 'integer', (c) => c.primaryKey())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('revision', 'integer', (c) => c.notNull())
      .addColumn('servers', 'integer', (c) => c.notNull())
      .addColumn('set_aside_json', 'text', (c) => c.notNull())
      .addColumn('cause', 'text', (c) => c.notNull())
      .addColumn('error', 'text')
      .addColumn('nginx_output', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('proven_at', 'text')
      .addColumn('took_ms', 'integer')
      .execute();

    await sql`insert into meta (key, value) values ('revision', '0')`.execute(db);
  },
};
