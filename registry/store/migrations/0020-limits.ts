import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Limits of agents, groups and servers. `target`: the name of an agent or group, the id of a server. */
export const limits: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('limits')
      .addColumn('scope', 'text', (c) => c.notNull())
      .addColumn('target', 'text', (c) => c.notNull())
      .addColumn('zone', 'text', (c) => c.notNull())
      .addColumn('rules_json', 'text', (c) => c.notNull())
      .addColumn('revision', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('limits_of_a_target', ['scope', 'target'])
      .execute();
  },
};
