import type { AuditEntry } from '@mcpgw/registry/contract';
import { listAudit, type AuditQuery } from '../../lib/api/activity-api.ts';

/** Recorded changes that match a query, newest first, page by page. */
export class AuditLog {
  rows = $state.raw<readonly AuditEntry[]>([]);
  loading = $state(true);
  error = $state.raw<unknown>(null);
  nextCursor = $state.raw<string | null>(null);
  #query: AuditQuery = {};
  #requestId = 0;

  async search(query: AuditQuery): Promise<void> {
    this.#query = query;
    this.rows = [];
    await this.#load(undefined);
  }

  /** Loads the next page. */
  async more(): Promise<void> {
    if (this.nextCursor !== null && !this.loading) await this.#load(this.nextCursor);
  }

  async #load(cursor: string | undefined): Promise<void> {
    const requestId = ++this.#requestId;
    this.loading = true;
    this.error = null;
    try {
      const page = await listAudit(this.#query, cursor);
      if (requestId !== this.#requestId) return;
      this.rows = [...this.rows, ...page.items];
      this.nextCursor = page.nextCursor ?? null;
    } catch (error) {
      if (requestId === this.#requestId) this.error = error;
    } finally {
      if (requestId === this.#requestId) this.loading = false;
    }
  }
}
