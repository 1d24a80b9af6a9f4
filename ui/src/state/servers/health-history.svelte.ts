import type { HealthHistory } from '@mcpgw/registry/contract';
import { SvelteMap } from 'svelte/reactivity';
import { getHealth } from '../../lib/api/registry-api.ts';

const CONCURRENCY = 4;
export const HISTORY_LENGTH = 60;

/**
 * Health histories of the visible servers, with bounded concurrency. A history is fetched again when its server has been checked since.
 */
class HealthHistories {
  readonly #histories = new SvelteMap<string, HealthHistory>();
  readonly #fetchedFor = new Map<string, string | null>();
  readonly #queue: { id: string; path: string }[] = [];
  #running = 0;

  get(id: string): HealthHistory | undefined {
    return this.#histories.get(id);
  }

  /** Fetches the history of a server, unless it already includes the check at `lastCheckedAt`. */
  request(id: string, path: string, lastCheckedAt: string | null): void {
    if (this.#fetchedFor.has(id) && this.#fetchedFor.get(id) === lastCheckedAt) return;
    this.#fetchedFor.set(id, lastCheckedAt);
    if (!this.#queue.some((waiting) => waiting.id === id)) this.#queue.push({ id, path });
    this.#drain();
  }

  #drain(): void {
    while (this.#running < CONCURRENCY) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#running += 1;
      void getHealth(next.path, HISTORY_LENGTH)
        .then(
          (history) => this.#histories.set(next.id, history),
          () => this.#fetchedFor.delete(next.id),
        )
        .finally(() => {
          this.#running -= 1;
          this.#drain();
        });
    }
  }
}

export const healthHistories = new HealthHistories();
