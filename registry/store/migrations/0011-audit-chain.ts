import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Audit rows carry the id of the request and a MAC that chains them. Rows written before have none. */
export const auditChain: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('audit').addColumn('request_id', 'text').execute();
    await db.schema
      .alterTable('audit')
      .addColumn('mac', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
  },
};
