import type { Kysely } from 'kysely';
import type { Actor, AuditEntry } from '../../../contract/index.ts';
import type { Sealer } from '../../seal.ts';
import type { Tables } from '../../tables.ts';
import { createMetaRows } from '../system/meta-rows.ts';
import { createAuditVerifier, macOf, type AuditReport, type ChainedRow } from './audit-chain.ts';

export interface AuditQuery {
  /** Only entries older than this id. */
  beforeId?: number | undefined;
  limit: number;
  target?: string | undefined;
  actor?: string | undefined;
  action?: string | undefined;
  /** `from` inclusive, `to` exclusive: ISO 8601 with any offset. */
  from?: string | undefined;
  to?: string | undefined;
}

const LAST_MAC = 'audit.last_mac';
/** Rows read at a time. */
const VERIFY_CHUNK = 1_000;

/** Who changed what: append-only, and chained so that a changed or deleted row is detected. */
export function createAuditRows(db: Kysely<Tables>, sealer: Pick<Sealer, 'mac'>) {
  const meta = createMetaRows(db);
  return {
    /** Adds a row. Call it in the transaction of the change. */
    async add(entry: Omit<AuditEntry, 'id'>): Promise<void> {
      const row: ChainedRow = {
        at: entry.at,
        actor_kind: entry.actor.kind,
        actor_name: entry.actor.name,
        actor_address: entry.actor.address,
        action: entry.action,
        target: entry.target,
        before_json: entry.before === null ? null : JSON.stringify(entry.before),
        after_json: entry.after === null ? null : JSON.stringify(entry.after),
        revision: entry.revision,
        request_id: entry.requestId,
      };
      const mac = macOf(sealer, (await meta.get(LAST_MAC)) ?? '', row);
      await db
        .insertInto('audit')
        .values({ ...row, mac })
        .execute();
      await meta.put(LAST_MAC, mac);
    },

    /** Compares every row with the chain. */
    async verify(): Promise<AuditReport> {
      const verifier = createAuditVerifier(sealer);
      let lastId = 0;
      for (;;) {
        const rows = await db
          .selectFrom('audit')
          .selectAll()
          .where('id', '>', lastId)
          .orderBy('id')
          .limit(VERIFY_CHUNK)
          .execute();
        for (const row of rows) verifier.add(row);
        lastId = rows.at(-1)?.id ?? lastId;
        if (rows.length < VERIFY_CHUNK) return verifier.end((await meta.get(LAST_MAC)) ?? '');
      }
    },

    /** Newest first. */
    async list(query: AuditQuery): Promise<AuditEntry[]> {
      let select = db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(query.limit);
      if (query.beforeId !== undefined) select = select.where('id', '<', query.beforeId);
      if (query.target !== undefined) select = select.where('target', '=', query.target);
      if (query.actor !== undefined) select = select.where('actor_name', '=', query.actor);
      if (query.action !== undefined) select = select.where('action', '=', query.action);
      // Times are stored in UTC, with milliseconds: their text order is chronological.
      if (query.from !== undefined) select = select.where('at', '>=', new Date(query.from).toISOString());
      if (query.to !== undefined) select = select.where('at', '<', new Date(query.to).toISOString());
      return (await select.execute()).map((row) => ({
        id: row.id,
        at: row.at,
        actor: { kind: row.actor_kind as Actor['kind'], name: row.actor_name, address: row.actor_address },
        action: row.action,
        target: row.target,
        before: row.before_json === null ? null : (JSON.parse(row.before_json) as AuditEntry['before']),
        after: row.after_json === null ? null : (JSON.parse(row.after_json) as AuditEntry['after']),
        revision: row.revision,
        requestId: row.request_id,
      }));
    },
  };
}
