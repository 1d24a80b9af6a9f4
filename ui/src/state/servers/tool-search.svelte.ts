import type { ToolHit } from '@mcpgw/registry/contract';
import { searchTools } from '../../lib/api/registry-api.ts';

const PAUSE_MS = 180;

/** Tools that fit what is typed, and the servers that have them. Asked once typing pauses; an answer that comes too late is dropped. */
export class ToolSearch {
  hits = $state.raw<readonly ToolHit[]>([]);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew each time, never changed
  readonly paths: ReadonlySet<string> = $derived(new Set(this.hits.map(({ server }) => server)));

  /** Asks for `q`; gives what calls it off, for an effect. */
  ask(q: string): () => void {
    const asking = new AbortController();
    if (q.trim().length < 2) {
      this.hits = [];
      return () => undefined;
    }
    const timer = setTimeout(() => {
      searchTools(q, asking.signal).then(
        ({ items }) => {
          if (!asking.signal.aborted) this.hits = items;
        },
        // Without it the search still finds names and tags.
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }
}
