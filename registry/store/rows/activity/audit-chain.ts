import type { AuditRow } from '../../tables.ts';
import type { Sealer } from '../../seal.ts';

/** A row without what the database adds. */
export type ChainedRow = Omit<AuditRow, 'id' | 'mac'>;

/** What is wrong with a chain of audit rows. */
export interface AuditFlaw {
  /** The row that does not fit to the one before; null: rows are missing at the end. */
  id: number | null;
  detail: string;
}

export interface AuditReport {
  /** Rows whose MAC was compared. */
  verified: number;
  /** Rows of before the chain began, which have no MAC. */
  unchained: number;
  /** The first flaw: what comes after it cannot be judged. Null: the chain is whole. */
  flaw: AuditFlaw | null;
}

/**
 * The MAC of a row: HMAC-SHA256 by a key of SECRET_KEY over the MAC of the row before and all columns, as JSON. Who can write the database but
 * has not the key can change or delete no row unnoticed.
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

/** Compares rows, in the order in which they were added, with their MACs. Feed it all rows, then call `end` with the MAC that was stored last. */
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
