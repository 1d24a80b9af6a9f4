import type { AuditEntry } from '@mcpgw/registry/contract';
import { listAudit } from '../../lib/api/activity-api.ts';
import { session } from '../app/session.svelte.ts';

/** The newest changes, for markers in charts; empty for users who may not read the audit log. */
export class ChangeLog {
  entries = $state.raw<readonly AuditEntry[]>([]);

  /** Reloads them, of one target or of all. */
  async load(target?: string): Promise<void> {
    if (!session.canChange) return;
    try {
      this.entries = (await listAudit(target === undefined ? {} : { target })).items;
    } catch {
      // The chart is usable without markers.
    }
  }
}
