import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Rollups of calls.log, by minute (step_s 60) and by hour (3600). Absent agents, servers and tools are ''. */
export const calls: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Rows are stored in the order of their key, so that a time range is read sequentially (sqlite.org/withoutrowid.html).
    const clustered = sql`without rowid`;
    await db.schema
      .createTable('call_counts')
      .addColumn('step_s', 'integer', (c) => c.notNull())
      .addColumn('start_s', 'integer', (c) => c.notNull())
      .addColumn('server', 'text', (c) => c.notNull())
      .addColumn('agent', 'text', (c) => c.notNull())
      .addColumn('tool', 'text', (c) => c.notNull())
      .addColumn('verdict', 'text', (c) => c.notNull())
      .addColumn('requests', 'integer', (c) => c.notNull())
      .addColumn('calls', 'integer', (c) => c.notNull())
      .addColumn('errors', 'integer', (c) => c.notNull())
      .addColumn('last_call_ms', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('call_counts_pk', ['step_s', 'start_s', 'server', 'agent', 'tool', 'verdict'])
      .modifyEnd(clustered)
      .execute();
    // The histogram of call durations: `bucket` is one of activity/rollups/histogram.ts.
    await db.schema
      .createTable('call_durations')
      .addColumn('step_s', 'integer', (c) => c.notNull())
      .addColumn('start_s', 'integer', (c) => c.notNull())
      .addColumn('server', 'text', (c) => c.notNull())
      .addColumn('tool', 'text', (c) => c.notNull())
      .addColumn('bucket', 'integer', (c) => c.notNull())
      .addColumn('count', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('call_durations_pk', ['step_s', 'start_s', 'server', 'tool', 'bucket'])
      .modifyEnd(clustered)
      .execute();
  },
};
