/** Counters expire after this time without use. */
const LIFETIME_S = 172_800;
/** How many counters are removed at once. */
const MAX_EXPIRED = 10_000;
const MAX_CACHED = 100_000;

/**
 * Counters in the shared dictionary, by name. Use them only within `platform.locked`, except `makeRoom`.
 * @noSelf
 */
export interface Counters {
  read(name: string): number | undefined;
  /** False: the dictionary is full. */
  write(name: string, value: number): boolean;
  /** Returns the names that were written since the last time, and clears them. */
  takeChanged(): string[];
  /** The place of a counter in the file, assigned now if it has none. */
  placeOf(name: string): number | undefined;
  /** Counts places from 0 again. */
  forgetPlaces(): void;
  /** Assigns this place, the next one, to a counter. False: the dictionary is full. */
  moveTo(name: string, value: number, place: number): boolean;
  /** Removes expired counters if a write has found the dictionary full since the last time. Not within `platform.locked`: it may take long. */
  makeRoom(): void;
}

/** The place of a counter in the file is in the dictionary's flags; 0: it has none yet. */
export function createCounters(dictionary: SharedDictionary, nextPlace: string): Counters {
  let places: Record<string, number | undefined> = {};
  let cached = 0;
  let changed: Record<string, true | undefined> = {};
  let isFull = false;

  function memoize(name: string, place: number): void {
    if (places[name] === undefined) {
      cached += 1;
      if (cached > MAX_CACHED) {
        places = {};
        cached = 1;
      }
    }
    places[name] = place;
  }

  function read(name: string): number | undefined {
    const [value, place] = dictionary.get(name);
    if (typeof value !== 'number') return undefined;
    memoize(name, place ?? 0);
    return value;
  }

  function put(name: string, value: number, place: number): boolean {
    // Each write removes a few expired entries by itself. Removing more here would block all workers; `makeRoom` does that later.
    const [done] = dictionary.safe_set(name, value, LIFETIME_S, place);
    if (done !== true) isFull = true;
    return done === true;
  }

  return {
    read,
    makeRoom() {
      if (!isFull) return;
      isFull = false;
      dictionary.flush_expired(MAX_EXPIRED);
    },
    write(name, value) {
      if (!put(name, value, places[name] ?? 0)) return false;
      changed[name] = true;
      return true;
    },
    takeChanged() {
      const names: string[] = [];
      for (const name in changed) names.push(name);
      changed = {};
      return names;
    },
    placeOf(name) {
      const value = read(name);
      if (value === undefined) return undefined;
      const place = places[name] ?? 0;
      if (place > 0) return place;
      const [next] = dictionary.incr(nextPlace, 1, 0);
      if (next === undefined || !put(name, value, next)) return undefined;
      places[name] = next;
      return next;
    },
    forgetPlaces() {
      places = {};
      cached = 0;
      dictionary.safe_set(nextPlace, 0);
    },
    moveTo(name, value, place) {
      dictionary.safe_set(nextPlace, place);
      places[name] = place;
      return put(name, value, place);
    },
  };
}
