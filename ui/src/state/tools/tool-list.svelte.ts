import type { ToolHit } from '@mcpgw/registry/contract';
import { findTools, type ToolQuery } from '../../lib/api/tools-api.ts';

const DEBOUNCE_MS = 180;
/** So many tools are shown at first, and more each time they are asked for. */
const STEP = 100;
/** A filter that the registry does not know may fit few tools of a page, so that larger ones are read. */
const FILTERED_PAGE = 500;

/** Whether a tool is shown; null: all are. */
export type ToolFilter = ((hit: ToolHit) => boolean) | null;

/** The tools that fit a query and a filter; pages are read until as many as wanted are found. Outdated answers are ignored. */
export class ToolList {
  /** What fits, as far as it was read; null: nothing was read yet. */
  hits = $state.raw<readonly ToolHit[] | null>(null);
  error = $state.raw<unknown>(null);
  loading = $state(false);
  /** There may be more. */
  hasMore = $state(false);
  #query: ToolQuery | null = null;
  #filter: ToolFilter = null;
  #cursor: string | undefined;
  #wanted = STEP;
  #controller = new AbortController();

  /** Searches, a moment after the last change of the text; returns a function that cancels it, for an effect. */
  search(query: ToolQuery, filter: ToolFilter): () => void {
    const wait = this.#query === null || this.#query.q === query.q ? 0 : DEBOUNCE_MS;
    this.#query = query;
    this.#filter = filter;
    const timer = setTimeout(this.retry, wait);
    return () => clearTimeout(timer);
  }

  more = (): void => {
    this.#wanted += STEP;
    void this.#load(this.#cursor, this.hits ?? []);
  };
  retry = (): void => {
    this.#wanted = STEP;
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
      } while (cursor !== undefined && found.length < this.#wanted);
      this.error = null;
    } catch (error) {
      if (signal.aborted) return;
      this.error = error;
    }
    this.loading = false;
  }
}
