import { sql, type Kysely, type Selectable } from 'kysely';
import type { Era, HealthStatus, Tool } from '../../../contract/index.ts';
import type { ObservationRow, Tables } from '../../tables.ts';

/** Results of the last probe of a server. */
export interface Observation {
  serverId: string;
  health: HealthStatus;
  /** When this health was first found, ISO 8601. */
  healthSince: string | null;
  era: Era | null;
  protocolVersion: string | null;
  serverInfo: { name: string; version: string; title?: string | undefined } | null;
  capabilities: string[];
  snapshotHash: string | null;
  toolCount: number;
  checkedAt: string;
  latencyMs: number | null;
  problem: string | null;
  remedy: string | null;
}

function readObservation(row: Selectable<ObservationRow>): Observation {
  return {
    serverId: row.server_id,
    health: row.health as HealthStatus,
    healthSince: row.health_since,
    era: row.era as Era | null,
    protocolVersion: row.protocol_version,
    serverInfo: row.server_info_json === null ? null : (JSON.parse(row.server_info_json) as Observation['serverInfo']),
    capabilities: JSON.parse(row.capabilities_json) as string[],
    snapshotHash: row.snapshot_hash,
    toolCount: row.tool_count,
    checkedAt: row.checked_at,
    latencyMs: row.latency_ms,
    problem: row.problem,
    remedy: row.remedy,
  };
}

// SQLite binds at most 32,766 values to one statement.
const BATCH = 500;

function writeObservation(seen: Observation): Omit<ObservationRow, 'server_id'> {
  return {
    health: seen.health,
    health_since: seen.healthSince,
    era: seen.era,
    protocol_version: seen.protocolVersion,
    server_info_json: seen.serverInfo === null ? null : JSON.stringify(seen.serverInfo),
    capabilities_json: JSON.stringify(seen.capabilities),
    snapshot_hash: seen.snapshotHash,
    tool_count: seen.toolCount,
    checked_at: seen.checkedAt,
    latency_ms: seen.latencyMs,
    problem: seen.problem,
    remedy: seen.remedy,
  };
}

/** Results of probes, and the tool snapshots by content hash. */
export function createObservationRows(db: Kysely<Tables>) {
  return {
    async all(): Promise<readonly Observation[]> {
      return (await db.selectFrom('observations').selectAll().execute()).map(readObservation);
    },

    async byServer(serverId: string): Promise<Observation | undefined> {
      const row = await db.selectFrom('observations').selectAll().where('server_id', '=', serverId).executeTakeFirst();
      return row && readObservation(row);
    },

    async put(seen: Observation): Promise<void> {
      const values = writeObservation(seen);
      await db
        .insertInto('observations')
        .values({ server_id: seen.serverId, ...values })
        .onConflict((conflict) => conflict.column('server_id').doUpdateSet(values))
        .execute();
    },

    /** Writes many at once, in few statements. */
    async putAll(seen: readonly Observation[]): Promise<void> {
      for (let at = 0; at < seen.length; at += BATCH) {
        const rows = seen
          .slice(at, at + BATCH)
          .map((item) => ({ server_id: item.serverId, ...writeObservation(item) }));
        await db
          .insertInto('observations')
          .values(rows)
          .onConflict((conflict) =>
            conflict.column('server_id').doUpdateSet((eb) => ({
              health: eb.ref('excluded.health'),
              health_since: eb.ref('excluded.health_since'),
              era: eb.ref('excluded.era'),
              protocol_version: eb.ref('excluded.protocol_version'),
              server_info_json: eb.ref('excluded.server_info_json'),
              capabilities_json: eb.ref('excluded.capabilities_json'),
              snapshot_hash: eb.ref('excluded.snapshot_hash'),
              tool_count: eb.ref('excluded.tool_count'),
              checked_at: eb.ref('excluded.checked_at'),
              latency_ms: eb.ref('excluded.latency_ms'),
              problem: eb.ref('excluded.problem'),
              remedy: eb.ref('excluded.remedy'),
            })),
          )
          .execute();
      }
    },

    async remove(serverId: string): Promise<void> {
      await db.deleteFrom('observations').where('server_id', '=', serverId).execute();
    },

    /** Deletes snapshots that no server or instance refers to; those created after `before` (ISO 8601) may be about to be referred to. */
    async pruneSnapshots(before: string): Promise<void> {
      await sql`delete from snapshots where created_at < ${before} and not exists (
        select 1 from observations where observations.snapshot_hash = snapshots.hash
      ) and hash not in (select tools_hash from instances where tools_hash is not null)`.execute(db);
    },

    /** Deletes those of the given snapshots that no server or instance refers to; returns the deleted hashes. */
    async removeUnused(hashes: readonly string[]): Promise<string[]> {
      if (hashes.length === 0) return [];
      const { rows } = await sql<{ hash: string }>`delete from snapshots where hash in (${sql.join(hashes)})
        and hash not in (select snapshot_hash from observations where snapshot_hash is not null)
        and hash not in (select tools_hash from instances where tools_hash is not null)
        returning hash`.execute(db);
      return rows.map(({ hash }) => hash);
    },

    /** Stores a snapshot; each hash once. */
    async putSnapshot(hash: string, tools: Tool[], createdAt: string): Promise<void> {
      await db
        .insertInto('snapshots')
        .values({ hash, tools_json: JSON.stringify(tools), created_at: createdAt })
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .execute();
    },

    /** When this list was first seen, ISO 8601. */
    async snapshotAt(hash: string): Promise<string | undefined> {
      const row = await db.selectFrom('snapshots').select('created_at').where('hash', '=', hash).executeTakeFirst();
      return row?.created_at;
    },

    /** By server: the snapshot of its merged list. */
    async mergedLists(serverIds: readonly string[]): Promise<Map<string, string>> {
      const rows = await db
        .selectFrom('observations')
        .select(['server_id', 'snapshot_hash'])
        .where('server_id', 'in', serverIds)
        .execute();
      return new Map(rows.flatMap((row) => (row.snapshot_hash === null ? [] : [[row.server_id, row.snapshot_hash]])));
    },

    async snapshots(hashes: readonly string[]): Promise<Map<string, Tool[]>> {
      if (hashes.length === 0) return new Map();
      const rows = await db
        .selectFrom('snapshots')
        .select(['hash', 'tools_json'])
        .where('hash', 'in', hashes)
        .execute();
      return new Map(rows.map((row) => [row.hash, JSON.parse(row.tools_json) as Tool[]]));
    },

    async snapshot(hash: string): Promise<Tool[] | undefined> {
      const row = await db.selectFrom('snapshots').select('tools_json').where('hash', '=', hash).executeTakeFirst();
      return row && (JSON.parse(row.tools_json) as Tool[]);
    },
  };
}
