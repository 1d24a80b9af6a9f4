import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Kill switches that are on. `target`: the agent's name, the server's id, or empty for everything. */
export const kills: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('kills')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('scope', 'text', (c) => c.notNull())
      .addColumn('target', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('at', 'text', (c) => c.notNull())
      .addColumn('by', 'text', (c) => c.notNull())
      .addUniqueConstraint('kills_of_a_target', ['scope', 'target'])
      .execute();
  },
};
