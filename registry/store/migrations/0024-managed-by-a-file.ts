import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which configuration a server, agent or group comes from (empty: none), and what was taken over from one. */
export const managedByAFile: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table servers add column managed_by text not null default ''`.execute(db);
    await sql`alter table groups add column managed_by text not null default ''`.execute(db);
    await sql`alter table agents add column managed_by text not null default ''`.execute(db);
    await db.schema
      .createTable('taken_over')
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('at', 'text', (c) => c.notNull())
      .addColumn('by', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('taken_over_pk', ['kind', 'name'])
      .execute();
  },
};
