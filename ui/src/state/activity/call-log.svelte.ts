import type { CallFilter, CallView, LiveMessage } from '@mcpgw/registry/contract';
import { searchCalls, type CallQuery } from '../../lib/api/activity-api.ts';
import { live } from '../servers/live-connection.svelte.ts';

/** Maximum number of rows while new ones arrive; older ones are dropped. */
const MAX_LIVE_ROWS = 500;

/** Calls that match a query, newest first: searched page by page, and new ones as they are stored. */
export class CallLog {
  rows = $state.raw<readonly CallView[]>([]);
  loading = $state(true);
  error = $state.raw<unknown>(null);
  nextCursor = $state.raw<string | null>(null);
  /** How far back the search got before its time limit, ISO 8601; null: it covered all calls. */
  searchedTo = $state.raw<string | null>(null);
  paused = $state(false);
  /** Number of calls that arrived while paused, or were too many to send. */
  unseen = $state(0);
  #query: CallQuery = {};
  #requestId = 0;
  /** Rows beyond the bound were dropped, so the cursor is further back than the last row. */
  #isCut = false;

  /** Searches from the newest on. */
  async search(query: CallQuery): Promise<void> {
    this.#query = query;
    this.rows = [];
    this.nextCursor = null;
    this.#isCut = false;
    await this.#load(this.#query);
  }

  /** Loads the next page. */
  async more(): Promise<void> {
    if (this.nextCursor === null || this.loading) return;
    const last = this.rows.at(-1);
    // `to` is exclusive; calls that are shown already are not repeated.
    if (!this.#isCut || last === undefined) await this.#load(this.#query, this.nextCursor);
    else await this.#load({ ...this.#query, to: nextMillisecond(last.at) });
    this.#isCut = false;
  }

  async #load(query: CallQuery, cursor?: string): Promise<void> {
    const requestId = ++this.#requestId;
    this.loading = true;
    this.error = null;
    try {
      const page = await searchCalls(query, cursor);
      if (requestId !== this.#requestId) return;
      this.rows = merge(this.rows, page.items);
      this.nextCursor = page.nextCursor ?? null;
      this.searchedTo = page.searchedTo;
      if (query === this.#query && cursor === undefined) this.unseen = 0;
    } catch (error) {
      if (requestId === this.#requestId) this.error = error;
    } finally {
      if (requestId === this.#requestId) this.loading = false;
    }
  }

  /** Adds calls as they are stored, until the returned function is called. */
  follow(filter: CallFilter): () => void {
    live.followCalls(filter);
    const stop = live.listen(this.#receive);
    return () => {
      live.followCalls(null);
      stop();
    };
  }

  /** Shows the calls that arrived while paused, or stops adding new calls. */
  togglePause = (): void => {
    this.paused = !this.paused;
    if (!this.paused && this.unseen > 0) void this.search({ ...this.#query });
  };

  #add(calls: readonly CallView[]): void {
    const rows = merge(calls, this.rows);
    this.rows = rows.slice(0, MAX_LIVE_ROWS);
    if (rows.length <= MAX_LIVE_ROWS) return;
    this.#isCut = true;
    this.nextCursor ??= '';
  }

  #receive = (message: LiveMessage): void => {
    if (message.type === 'calls.stored') {
      this.unseen += message.omitted;
      if (this.paused) this.unseen += message.calls.length;
      else this.#add(message.calls);
    } else if (message.type === 'snapshot' || message.type === 'resumed') {
      // Calls stored while disconnected are not sent again.
      if (!this.paused && !this.loading) void this.#load(this.#query);
    }
  };
}

/** Both lists without repetitions, newest first. */
function merge(first: readonly CallView[], second: readonly CallView[]): readonly CallView[] {
  const known = new Set(first.map(({ id }) => id));
  return [...first, ...second.filter(({ id }) => !known.has(id))].sort((a, b) =>
    a.at === b.at ? b.id - a.id : a.at < b.at ? 1 : -1,
  );
}

/** One millisecond later, ISO 8601. */
function nextMillisecond(iso: string): string {
  const after = new Date(Date.parse(iso) + 1);
  return after.toISOString();
}
