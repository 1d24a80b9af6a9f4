import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The management server listens on a unix socket; before, its URL named a port on loopback. */
export const managementSocket: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`update instances set url = 'http://mcpgw-server.localhost/mcp', endpoints_json = null
      where server_id in (select id from servers where path = 'mcpgw')`.execute(db);
  },
};
