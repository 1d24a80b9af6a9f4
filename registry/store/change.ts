import type { Kysely } from 'kysely';
import type { Actor, AuditEntry } from '../contract/index.ts';
import { createRows, type Rows } from './rows/rows.ts';
import type { Sealer } from './seal.ts';
import type { Tables } from './tables.ts';
import type { TransactionScope } from './transaction-scope.ts';

export interface Transaction extends Rows {
  /** The revision that this change creates. */
  revision: number;
  /** Time of the change, ISO 8601. */
  now: string;
}

/** Description of a change for the audit; `before` and `after` must not contain secrets. */
export interface Changed<Value> {
  value: Value;
  target: string;
  before?: unknown;
  after?: unknown;
}

/** Thrown by `work` when the stored data already equals what it would write: the transaction is rolled back, and no error is reported. */
export class NothingToChange extends Error {
  constructor() {
    super('the stored data is already up to date');
  }
}

/**
 * Runs `work` in one transaction, bumps the revision and writes the audit row; all of it or nothing. When it returns, the change is on disk.
 * Throws what `work` throws.
 */
export type Change = <Value>(
  actor: Actor,
  action: string,
  work: (tx: Transaction) => Promise<Changed<Value>>,
) => Promise<{ value: Value; revision: number }>;

/** Creates the function that makes all changes. */
export function createChange(db: Kysely<Tables>, sealer: Sealer, scope: TransactionScope): Change {
  return async (actor, action, work) => {
    scope.requireOutside();
    return db.transaction().execute(async (trx) => {
      const rows = createRows(trx, sealer);
      const revision = (await rows.meta.revision()) + 1;
      const now = new Date().toISOString();
      // Written first, so that the transaction holds the write lock before it reads the data that it depends on.
      await rows.meta.put('revision', String(revision));
      const { value, target, before, after } = await scope.run(() => work({ ...rows, revision, now }));
      await rows.audit.add({
        at: now,
        actor: { kind: actor.kind, name: actor.name, address: actor.address },
        requestId: actor.requestId ?? null,
        action,
        target,
        before: (before ?? null) as AuditEntry['before'],
        after: (after ?? null) as AuditEntry['after'],
        revision,
      });
      return { value, revision };
    });
  };
}
