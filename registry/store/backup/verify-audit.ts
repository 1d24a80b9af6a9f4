import Database from 'better-sqlite3';
import { createAuditVerifier, type AuditReport } from '../rows/activity/audit-chain.ts';
import { createSealer } from '../seal.ts';
import type { AuditRow } from '../tables.ts';
import { inspectDatabase } from './inspect-database.ts';

/**
 * Compares every audit row of a database file with the chain without changing it, also while a gateway writes to it. Throws like `inspectDatabase`.
 */
export function verifyAudit(file: string, secretKey: string): AuditReport {
  inspectDatabase(file);
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    // One transaction: a row that is added concurrently is neither read nor expected.
    return db.transaction(() => {
      const verifier = createAuditVerifier(createSealer(secretKey));
      const rows = db.prepare<[], Omit<AuditRow, 'id'> & { id: number }>('select * from audit order by id');
      for (const row of rows.iterate()) verifier.add(row);
      const last = db.prepare<[], string>("select value from meta where key = 'audit.last_mac'").pluck().get();
      return verifier.end(last ?? '');
    })();
  } finally {
    db.close();
  }
}
