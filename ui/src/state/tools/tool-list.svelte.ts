import type { ToolHit } from '@mcpgw/registry/contract';
import { findTools, type ToolQuery } from '../../lib/api/tools-api.ts';

const DEBOUNCE_MS = 180;
/** Number of tools that are shown at first, and added each time more are requested. */
const STEP = 100;
/** A filter that only the UI applies may match few tools of a page, so larger pages are loaded. */
const FILTERED_PAGE = 500;

/** Whether a tool is shown; null: all are. */
export type ToolFilter = ((hit: ToolHit) => boolean) | null;

/** The tools that match a query and a filter; pages are loaded until enough are found. Outdated responses are ignored. */
export class ToolList {
  /** The matches loaded so far; null: nothing was loaded yet. */
  hits = $state.raw<readonly ToolHit[] | null>(null);
  error = $state.raw<unknown>(null);
  loading = $state(false);
  /** There may be more. */
  hasMore = $state(false);
  #query: ToolQuery | null = null;
  #filter: ToolFilter = null;
  #cursor: string | undefined;
  #targetCount = STEP;
  #controller = new AbortController();

  /** Searches, shortly after the last change of the text; returns a function that cancels it, for an effect. */
  search(query: ToolQuery, filter: ToolFilter): () => void {
    const wait = this.#query === null || this.#query.q === query.q ? 0 : DEBOUNCE_MS;
    this.#query = query;
    this.#filter = filter;
    const timer = setTimeout(this.retry, wait);
    return () => clearTimeout(timer);
  }

  more = (): void => {
    this.#targetCount += STEP;
    void this.#load(this.#cursor, this.hits ?? []);
  };
  retry = (): void => {
    this.#targetCount = STEP;
    void this.#load(undefined, []);
  };

  async #load(from: string | undefined, known: readonly ToolHit[]): Promise<void> {
    const [query, filter] = [this.#query, this.#filter];
    if (query === null) return;
    this.#controller.abort();
    const { signal } = (this.#controller = new AbortController());
    this.loading = true;
    let [cursor, found] = [from, known];
    try {
      do {
        const page = await findTools(query, filter === null ? STEP : FILTERED_PAGE, cursor, signal);
        if (signal.aborted) return;
        found = [...found, ...(filter === null ? page.items : page.items.filter(filter))];
        cursor = page.nextCursor;
        this.hits = found;
        this.#cursor = cursor;
        this.hasMore = cursor !== undefined;
      } while (cursor !== undefined && found.length < this.#targetCount);
      this.error = null;
    } catch (error) {
      if (signal.aborted) return;
      this.error = error;
    }
    this.loading = false;
  }
}
