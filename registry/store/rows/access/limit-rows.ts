import type { Kysely } from 'kysely';
import type { LimitRule } from '../../../contract/index.ts';
import type { Tables } from '../../tables.ts';

/** The subject of limits: an agent or group, by name, or a server, by id. */
export interface LimitTarget {
  scope: 'agent' | 'group' | 'server';
  target: string;
}

export interface StoredLimits extends LimitTarget {
  /** IANA name of the time zone in which days are counted. */
  zone: string;
  rules: LimitRule[];
  revision: number;
  /** The configuration that sets them, and where they are changed. */
  managedBy?: string | undefined;
}

/** Limits of agents, groups and servers. Without limits there may be no row. */
export function createLimitRows(db: Kysely<Tables>) {
  const read = (row: Tables['limits']): StoredLimits => ({
    scope: row.scope as LimitTarget['scope'],
    target: row.target,
    zone: row.zone,
    rules: JSON.parse(row.rules_json) as LimitRule[],
    revision: row.revision,
    ...(row.managed_by !== '' && { managedBy: row.managed_by }),
  });
  return {
    async all(): Promise<StoredLimits[]> {
      return (await db.selectFrom('limits').selectAll().execute()).map(read);
    },

    async of({ scope, target }: LimitTarget): Promise<StoredLimits | undefined> {
      const found = db.selectFrom('limits').selectAll().where('scope', '=', scope).where('target', '=', target);
      const row = await found.executeTakeFirst();
      return row && read(row);
    },

    async put({ scope, target, zone, rules, revision, managedBy = '' }: StoredLimits): Promise<void> {
      const values = { zone, rules_json: JSON.stringify(rules), revision, managed_by: managedBy };
      await db
        .insertInto('limits')
        .values({ scope, target, ...values })
        .onConflict((conflict) => conflict.columns(['scope', 'target']).doUpdateSet(values))
        .execute();
    },

    async remove({ scope, target }: LimitTarget): Promise<void> {
      await db.deleteFrom('limits').where('scope', '=', scope).where('target', '=', target).execute();
    },
  };
}
