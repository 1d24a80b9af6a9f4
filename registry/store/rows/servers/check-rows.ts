import { sql, type Kysely } from 'kysely';
import type { HealthStatus } from '../../../contract/index.ts';
import type { Tables } from '../../tables.ts';

export interface StoredCheck {
  serverId: string;
  /** Epoch milliseconds. */
  at: number;
  health: HealthStatus;
  latencyMs: number | null;
  problem: string | null;
}

const BATCH = 500;

/** The history of checks, bounded per server. */
export function createCheckRows(db: Kysely<Tables>) {
  return {
    /** Adds many at once; a second check of a server in the same millisecond replaces the first. */
    async addAll(checks: readonly StoredCheck[]): Promise<void> {
      for (let from = 0; from < checks.length; from += BATCH)
        await db
          .insertInto('checks')
          .orReplace()
          .values(
            checks.slice(from, from + BATCH).map(({ serverId, at, health, latencyMs, problem }) => ({
              server_id: serverId,
              at,
              health,
              latency_ms: latencyMs,
              problem,
            })),
          )
          .execute();
    },

    /** Newest first. */
    async list(serverId: string, limit: number): Promise<StoredCheck[]> {
      const rows = await db
        .selectFrom('checks')
        .selectAll()
        .where('server_id', '=', serverId)
        .orderBy('at', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        serverId: row.server_id,
        at: row.at,
        health: row.health as HealthStatus,
        latencyMs: row.latency_ms,
        problem: row.problem,
      }));
    },

    /** Deletes all but the newest `limit` checks of these servers. */
    async prune(serverIds: readonly string[], limit: number): Promise<void> {
      for (const id of serverIds)
        await sql`delete from checks where server_id = ${id} and at <= (
          select at from checks where server_id = ${id} order by at desc limit 1 offset ${limit}
        )`.execute(db);
    },

    async forget(serverId: string): Promise<void> {
      await db.deleteFrom('checks').where('server_id', '=', serverId).execute();
    },
  };
}
