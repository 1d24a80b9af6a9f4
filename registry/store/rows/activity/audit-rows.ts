import type { Kysely } from 'kysely';
import type { Actor, AuditEntry } from '../../../contract/index.ts';
import type { Tables } from '../../tables.ts';

export interface AuditQuery {
  /** Only entries older than this id. */
  beforeId?: number | undefined;
  limit: number;
  target?: string | undefined;
  actor?: string | undefined;
  action?: string | undefined;
}

/** Who changed what: only ever added to. */
export function createAuditRows(db: Kysely<Tables>) {
  return {
    async add(entry: Omit<AuditEntry, 'id'>): Promise<void> {
      await db
        .insertInto('audit')
        .values({
          at: entry.at,
          actor_kind: entry.actor.kind,
          actor_name: entry.actor.name,
          actor_address: entry.actor.address,
          action: entry.action,
          target: entry.target,
          before_json: entry.before === null ? null : JSON.stringify(entry.before),
          after_json: entry.after === null ? null : JSON.stringify(entry.after),
          revision: entry.revision,
        })
        .execute();
    },

    /** Newest first. */
    async list(query: AuditQuery): Promise<AuditEntry[]> {
      let select = db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(query.limit);
      if (query.beforeId !== undefined) select = select.where('id', '<', query.beforeId);
      if (query.target !== undefined) select = select.where('target', '=', query.target);
      if (query.actor !== undefined) select = select.where('actor_name', '=', query.actor);
      if (query.action !== undefined) select = select.where('action', '=', query.action);
      return (await select.execute()).map((row) => ({
        id: row.id,
        at: row.at,
        actor: { kind: row.actor_kind as Actor['kind'], name: row.actor_name, address: row.actor_address },
        action: row.action,
        target: row.target,
        before: row.before_json === null ? null : (JSON.parse(row.before_json) as AuditEntry['before']),
        after: row.after_json === null ? null : (JSON.parse(row.after_json) as AuditEntry['after']),
        revision: row.revision,
      }));
    },
  };
}
