import { sql, type Kysely } from 'kysely';
import type { CallCountRow, CallDurationRow, Tables } from '../../tables.ts';

/** Counts of one time step for one agent, server, tool and verdict. Times in epoch seconds, `last_call_ms` in milliseconds. */
export type CallCount = CallCountRow;
export type CallDuration = CallDurationRow;

export interface CallSlice {
  /** 60 or 3600. */
  stepS: number;
  /** Steps that begin here or later. */
  fromS: number;
  server?: string | undefined;
  agent?: string | undefined;
  tool?: string | undefined;
}
export interface CallSums {
  requests: number;
  calls: number;
  errors: number;
  toolErrors: number;
  refused: number;
  /** 0: there was no call. */
  lastCallMs: number;
  /** The first step in which a request was refused; 0: none. */
  firstRefusedS: number;
}
type Dimension = 'start_s' | 'server' | 'agent' | 'tool';

/** Rows per statement; far below SQLite's 32,766 parameters. */
const CHUNK = 500;

function chunksOf<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, n) => items.slice(n * CHUNK, (n + 1) * CHUNK));
}

/** Rollups of the calls through the gateway. */
export function createCallRows(db: Kysely<Tables>) {
  function counts({ stepS, fromS, server, agent, tool }: CallSlice) {
    let rows = db.selectFrom('call_counts').where('step_s', '=', stepS).where('start_s', '>=', fromS);
    if (server !== undefined) rows = rows.where('server', '=', server);
    if (agent !== undefined) rows = rows.where('agent', '=', agent);
    return tool === undefined ? rows : rows.where('tool', '=', tool);
  }
  function durations({ stepS, fromS, server, tool }: CallSlice) {
    let rows = db.selectFrom('call_durations').where('step_s', '=', stepS).where('start_s', '>=', fromS);
    if (server !== undefined) rows = rows.where('server', '=', server);
    return tool === undefined ? rows : rows.where('tool', '=', tool);
  }
  const sums = [
    sql<number>`coalesce(sum(requests), 0)`.as('requests'),
    sql<number>`coalesce(sum(calls), 0)`.as('calls'),
    sql<number>`coalesce(sum(errors), 0)`.as('errors'),
    sql<number>`coalesce(sum(tool_errors), 0)`.as('toolErrors'),
    sql<number>`coalesce(sum(case when verdict <> 'allowed' then requests else 0 end), 0)`.as('refused'),
    sql<number>`coalesce(max(last_call_ms), 0)`.as('lastCallMs'),
    sql<number>`coalesce(min(case when verdict <> 'allowed' then start_s end), 0)`.as('firstRefusedS'),
  ] as const;

  return {
    /** Adds to the stored counts. */
    async add(added: { counts: readonly CallCount[]; durations: readonly CallDuration[] }): Promise<void> {
      for (const chunk of chunksOf(added.counts))
        await db
          .insertInto('call_counts')
          .values(chunk)
          .onConflict((conflict) =>
            conflict.columns(['step_s', 'start_s', 'server', 'agent', 'tool', 'verdict']).doUpdateSet({
              requests: sql`call_counts.requests + excluded.requests`,
              calls: sql`call_counts.calls + excluded.calls`,
              errors: sql`call_counts.errors + excluded.errors`,
              tool_errors: sql`call_counts.tool_errors + excluded.tool_errors`,
              last_call_ms: sql`case when excluded.last_call_ms > call_counts.last_call_ms then excluded.last_call_ms else call_counts.last_call_ms end`,
            }),
          )
          .execute();
      for (const chunk of chunksOf(added.durations))
        await db
          .insertInto('call_durations')
          .values(chunk)
          .onConflict((conflict) =>
            conflict
              .columns(['step_s', 'start_s', 'server', 'tool', 'bucket'])
              .doUpdateSet({ count: sql`call_durations.count + excluded.count` }),
          )
          .execute();
    },

    async totals(slice: CallSlice): Promise<CallSums> {
      return counts(slice)
        .select([...sums])
        .executeTakeFirstOrThrow();
    },

    /** Sums by the given columns. */
    async sumsBy<D extends Dimension>(
      slice: CallSlice,
      by: readonly D[],
    ): Promise<(CallSums & Pick<CallCountRow, D>)[]> {
      const rows = await counts(slice)
        .select([...by.map((column) => sql.ref(column).as(column)), ...sums])
        .groupBy([...by])
        .execute();
      return rows as unknown as (CallSums & Pick<CallCountRow, D>)[];
    },

    /** Number of calls of each tool in each bucket, of all agents. */
    async histogram(slice: CallSlice): Promise<Pick<CallDurationRow, 'server' | 'tool' | 'bucket' | 'count'>[]> {
      return durations(slice)
        .select(['server', 'tool', 'bucket', sql<number>`sum(count)`.as('count')])
        .groupBy(['server', 'tool', 'bucket'])
        .execute();
    },

    /** Number of calls in each bucket. */
    async histogramOfAll(slice: CallSlice): Promise<Pick<CallDurationRow, 'bucket' | 'count'>[]> {
      return durations(slice)
        .select(['bucket', sql<number>`sum(count)`.as('count')])
        .groupBy('bucket')
        .execute();
    },

    /** Deletes steps that begin before `beforeS`, and the oldest ones beyond `maxRows`. */
    async prune(stepS: number, beforeS: number, maxRows: number): Promise<void> {
      const surplus = await db
        .selectFrom('call_counts')
        .select('start_s')
        .where('step_s', '=', stepS)
        .orderBy('start_s', 'desc')
        .offset(maxRows)
        .limit(1)
        .executeTakeFirst();
      const firstS = Math.max(beforeS, (surplus?.start_s ?? -1) + 1);
      for (const table of ['call_counts', 'call_durations'] as const)
        await db.deleteFrom(table).where('step_s', '=', stepS).where('start_s', '<', firstS).execute();
    },
  };
}
