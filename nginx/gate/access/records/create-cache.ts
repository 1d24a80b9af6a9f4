/** An entry of a cache. The links are managed by the cache, so that an entry needs no second table. */
export interface Held<T> {
  readonly name: string;
  /** Its approximate size in bytes. */
  readonly weight: number;
  newer?: T | undefined;
  older?: T | undefined;
}

/**
 * Entries by name, with a limited total weight: the least recently used entry is removed first.
 * @noSelf
 */
export interface Cache<T> {
  get(name: string): T | undefined;
  /** The name must not be in the cache yet. */
  put(entry: T): void;
  remove(name: string): void;
  clear(): void;
}

/** An LRU list over the entries themselves. An entry heavier than `maxWeight` is dropped with the next one. */
export function createCache<T extends Held<T>>(maxWeight: number): Cache<T> {
  let byName: Record<string, T | undefined> = {};
  let newest: T | undefined;
  let oldest: T | undefined;
  let weight = 0;

  function unlink(entry: T): void {
    const { newer, older } = entry;
    if (newer === undefined) newest = older;
    else newer.older = older;
    if (older === undefined) oldest = newer;
    else older.newer = newer;
    entry.newer = undefined;
    entry.older = undefined;
  }

  function link(entry: T): void {
    entry.older = newest;
    if (newest === undefined) oldest = entry;
    else newest.newer = entry;
    newest = entry;
  }

  function remove(name: string): void {
    const entry = byName[name];
    if (entry === undefined) return;
    byName[name] = undefined;
    weight -= entry.weight;
    unlink(entry);
  }

  return {
    get(name) {
      const entry = byName[name];
      if (entry !== undefined && entry !== newest) {
        unlink(entry);
        link(entry);
      }
      return entry;
    },
    put(entry) {
      byName[entry.name] = entry;
      weight += entry.weight;
      link(entry);
      while (weight > maxWeight && oldest !== undefined && oldest !== entry) remove(oldest.name);
    },
    remove,
    clear() {
      byName = {};
      newest = undefined;
      oldest = undefined;
      weight = 0;
    },
  };
}
