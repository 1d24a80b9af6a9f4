import type { HealthHistory } from '@mcpgw/registry/contract';
import { SvelteMap } from 'svelte/reactivity';
import { getHealth } from '../../lib/api/registry-api.ts';

const AT_ONCE = 4;
export const HISTORY_LENGTH = 60;

/**
 * Health histories of the servers that are on the screen, a few requests at a time. A history is asked for again when its server has been
 * checked since.
 */
class Histories {
  readonly #known = new SvelteMap<string, HealthHistory>();
  readonly #seenAt = new Map<string, string | null>();
  readonly #queue: { id: string; path: string }[] = [];
  #running = 0;

  of(id: string): HealthHistory | undefined {
    return this.#known.get(id);
  }

  /** Fetches the history of a server unless the one known already includes the check at `lastCheckedAt`. */
  want(id: string, path: string, lastCheckedAt: string | null): void {
    if (this.#seenAt.has(id) && this.#seenAt.get(id) === lastCheckedAt) return;
    this.#seenAt.set(id, lastCheckedAt);
    if (!this.#queue.some((waiting) => waiting.id === id)) this.#queue.push({ id, path });
    this.#work();
  }

  #work(): void {
    while (this.#running < AT_ONCE) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#running += 1;
      void getHealth(next.path, HISTORY_LENGTH)
        .then(
          (history) => this.#known.set(next.id, history),
          () => this.#seenAt.delete(next.id),
        )
        .finally(() => {
          this.#running -= 1;
          this.#work();
        });
    }
  }
}

export const histories = new Histories();
