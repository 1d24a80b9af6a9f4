import type { ToolHit } from '@mcpgw/registry/contract';
import { searchTools } from '../../lib/api/registry-api.ts';

const DEBOUNCE_MS = 180;

/** Tools that match the query, and the paths of their servers. Debounced; outdated responses are ignored. */
export class ToolSearch {
  hits = $state.raw<readonly ToolHit[]>([]);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- never mutated
  readonly paths: ReadonlySet<string> = $derived(new Set(this.hits.map(({ server }) => server)));

  /** Searches for `q`; returns a function that cancels it, for an effect. */
  search(q: string): () => void {
    const controller = new AbortController();
    if (q.trim().length < 2) {
      this.hits = [];
      return () => undefined;
    }
    const timer = setTimeout(() => {
      searchTools(q, controller.signal).then(
        ({ items }) => {
          if (!controller.signal.aborted) this.hits = items;
        },
        // Without tools, the search still matches names and tags.
        () => undefined,
      );
    }, DEBOUNCE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }
}
