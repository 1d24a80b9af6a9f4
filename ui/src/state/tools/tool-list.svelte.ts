import type { ToolHit } from '@mcpgw/registry/contract';
import { findTools, type ToolQuery } from '../../lib/api/tools-api.ts';

const DEBOUNCE_MS = 180;

/** The tools that fit a query, page by page; outdated answers are ignored. */
export class ToolList {
  hits = $state.raw<readonly ToolHit[] | null>(null);
  error = $state.raw<unknown>(null);
  loading = $state(false);
  cursor = $state<string | undefined>(undefined);
  #query: ToolQuery | null = null;
  #controller = new AbortController();

  /** Searches, a moment after the last change of the query; returns a function that cancels it, for an effect. */
  search(query: ToolQuery): () => void {
    const wait = this.#query === null || this.#query.q === query.q ? 0 : DEBOUNCE_MS;
    this.#query = query;
    const timer = setTimeout(() => void this.#load(false), wait);
    return () => clearTimeout(timer);
  }

  more = (): Promise<void> => this.#load(true);
  retry = (): void => void this.#load(false);

  async #load(more: boolean): Promise<void> {
    if (this.#query === null) return;
    this.#controller.abort();
    const controller = new AbortController();
    this.#controller = controller;
    this.loading = true;
    try {
      const page = await findTools(this.#query, more ? this.cursor : undefined, controller.signal);
      if (controller.signal.aborted) return;
      this.hits = more ? [...(this.hits ?? []), ...page.items] : page.items;
      this.cursor = page.nextCursor;
      this.error = null;
    } catch (error) {
      if (controller.signal.aborted) return;
      this.error = error;
    }
    this.loading = false;
  }
}
