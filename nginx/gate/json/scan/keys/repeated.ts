import { isSameAt } from 'platform/bytes';

// Rows of a table have the same keys in the same order. Each depth caches the first keys of its last object. They are distinct, so those of
// an object that begins with the same keys are distinct too, and nothing needs to be hashed.

/** How many keys of an object are cached. */
const MAX_CACHED = 32;

/** The keys of the open object at one depth, followed by the remaining ones of the previous object. */
export interface KeyList {
  /** Where each begins, and its length with its closing quote and the colon. */
  starts: number[];
  lengths: number[];
  count: number;
  /** How many of them are keys of the open object. */
  next: number;
  /** How many of those are in the hash table. */
  hashed: number;
}

/** A list without keys. */
export function createKeyList(): KeyList {
  return { starts: [], lengths: [], count: 0, next: 0, hashed: 0 };
}

/** The position after the colon of a key that begins at `at`, if it is the next one of the previous object; else 0. */
export function repeatKey(text: string, at: number, keys: KeyList): number {
  const next = keys.next;
  if (next >= keys.count) return 0;
  const length = keys.lengths[next] ?? 0;
  if (!isSameAt(text, at, keys.starts[next] ?? 0, length)) return 0;
  keys.next = next + 1;
  return at + length;
}

/** Caches a key of the open object, whose keys are all in the hash table. */
export function cacheKey(keys: KeyList, start: number, length: number): void {
  const next = keys.next;
  if (next >= MAX_CACHED) return;
  keys.starts[next] = start;
  keys.lengths[next] = length;
  keys.next = next + 1;
  keys.count = next + 1;
  keys.hashed = next + 1;
}
