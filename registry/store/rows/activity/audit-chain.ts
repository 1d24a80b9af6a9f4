import type { AuditRow } from '../../tables.ts';
import type { Sealer } from '../../seal.ts';

/** A row without the columns that are added on insert. */
export type ChainedRow = Omit<AuditRow, 'id' | 'mac'>;

/** An inconsistency in a chain of audit rows. */
export interface AuditFlaw {
  /** The row whose MAC does not fit the chain; null: rows are missing at the end. */
  id: number | null;
  detail: string;
}

export interface AuditReport {
  /** Rows whose MAC was compared. */
  verified: number;
  /** Rows from before the chain began, which have no MAC. */
  unchained: number;
  /** The first flaw; rows after it cannot be verified. Null: the chain is intact. */
  flaw: AuditFlaw | null;
}

/**
 * The MAC of a row: HMAC-SHA256 with a key derived from SECRET_KEY over the MAC of the row before and all columns, as JSON. Without the key,
 * rows cannot be changed or deleted unnoticed.
 */
export function macOf(sealer: Pick<Sealer, 'mac'>, previousMac: string, row: ChainedRow): string {
  return sealer.mac(
    'audit',
    JSON.stringify([
      ...[previousMac, row.at, row.actor_kind, row.actor_name, row.actor_address, row.action, row.target],
      ...[row.before_json, row.after_json, row.revision, row.request_id],
    ]),
  );
}

/** Compares rows, in the order in which they were added, with their MACs. Add all rows, then call `end` with the last stored MAC. */
export function createAuditVerifier(sealer: Pick<Sealer, 'mac'>) {
  let previousMac = '';
  let previousId: number | null = null;
  let report: AuditReport = { verified: 0, unchained: 0, flaw: null };
  const fail = (id: number | null, detail: string) => (report = { ...report, flaw: { id, detail } });
  return {
    add({ id, mac, ...row }: Omit<AuditRow, 'id'> & { id: number }): void {
      if (report.flaw !== null) return;
      if (mac === '' && previousMac === '') report.unchained += 1;
      else if (mac === macOf(sealer, previousMac, row)) {
        report.verified += 1;
        previousMac = mac;
      } else
        fail(
          id,
          previousId === null || previousMac === ''
            ? `row ${id} was changed, or rows before it were deleted`
            : `row ${id} was changed, or rows between ${previousId} and ${id} were deleted or changed`,
        );
      previousId = id;
    },
    end(lastMac: string): AuditReport {
      if (report.flaw === null && lastMac !== previousMac)
        fail(null, `rows after ${previousId ?? 'the start'} were deleted`);
      return report;
    },
  };
}
