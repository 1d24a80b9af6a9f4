/** A shared dictionary in memory with room for a number of entries: the part of NGINX's that limits use. */
export interface FakeDictionary extends SharedDictionary {
  /** How often `flush_expired` was called. */
  flushes: number;
  /** Names whose values are refused. */
  refuses: (this: void, name: string) => boolean;
}

/** `room`: entries that fit. */
export function createFakeDictionary(room: number): FakeDictionary {
  const values: Record<string, number | string | undefined> = {};
  const places: Record<string, number | undefined> = {};
  let count = 0;

  return {
    flushes: 0,
    refuses: () => false,
    get: (name: string) => $multi(values[name], places[name]),
    safe_set(name: string, value: number | string, _seconds?: number, flags?: number) {
      const isNew = values[name] === undefined;
      if (this.refuses(name) || (isNew && count >= room)) return $multi(undefined, 'no memory');
      if (isNew) count += 1;
      values[name] = value;
      places[name] = flags;
      return $multi(true as const);
    },
    incr(name: string, by: number, from: number) {
      const before = values[name];
      if (before === undefined) count += 1;
      const next = (typeof before === 'number' ? before : from) + by;
      values[name] = next;
      return $multi(next);
    },
    delete(name: string) {
      if (values[name] === undefined) return;
      count -= 1;
      values[name] = undefined;
    },
    flush_expired() {
      this.flushes += 1;
      return 0;
    },
    get_keys() {
      const names: string[] = [];
      for (const name in values) if (values[name] !== undefined) names.push(name);
      return names;
    },
  };
}
