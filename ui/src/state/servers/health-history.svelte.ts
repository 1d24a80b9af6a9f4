import type { HealthHistory } from '@mcpgw/registry/contract';
import { SvelteMap } from 'svelte/reactivity';
import { getHealthHistories } from '../../lib/api/registry-api.ts';

/** Requests within this time are batched: rows become visible one after another. */
const GATHER_MS = 60;
const MAX_PATHS = 100;
export const HISTORY_LENGTH = 60;

/** Health histories of the visible servers, many in one request. A history is fetched again when its server has been checked since. */
class HealthHistories {
  readonly #histories = new SvelteMap<string, HealthHistory>();
  readonly #fetchedFor = new Map<string, string | null>();
  /** Id by path. */
  readonly #pending = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isFetching = false;

  get(id: string): HealthHistory | undefined {
    return this.#histories.get(id);
  }

  /** Fetches the history of a server, unless it already includes the check at `lastCheckedAt`. */
  request(id: string, path: string, lastCheckedAt: string | null): void {
    if (this.#fetchedFor.has(id) && this.#fetchedFor.get(id) === lastCheckedAt) return;
    this.#fetchedFor.set(id, lastCheckedAt);
    this.#pending.set(path, id);
    this.#timer ??= setTimeout(() => void this.#fetch(), GATHER_MS);
  }

  async #fetch(): Promise<void> {
    this.#timer = undefined;
    if (this.#isFetching) return;
    this.#isFetching = true;
    while (this.#pending.size > 0) {
      const batch = [...this.#pending].slice(0, MAX_PATHS);
      for (const [path] of batch) this.#pending.delete(path);
      try {
        const { items } = await getHealthHistories(
          batch.map(([path]) => path),
          HISTORY_LENGTH,
        );
        const ids = new Map(batch);
        for (const { path, ...history } of items) {
          const id = ids.get(path);
          if (id !== undefined) this.#histories.set(id, history);
        }
      } catch {
        // Requested again when the row is shown again or its server was checked.
        for (const [, id] of batch) this.#fetchedFor.delete(id);
      }
    }
    this.#isFetching = false;
  }
}

export const healthHistories = new HealthHistories();
