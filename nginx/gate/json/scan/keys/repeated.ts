import { isSameAt } from 'platform/bytes';

// Rows of a table have the same keys in the same order. Each depth remembers the first keys of its last object: those are not the same, so
// neither are those of an object that begins with the same ones, and nothing needs to be hashed.

/** So many keys of an object are remembered. */
const MOST = 32;

/** The keys of the open object at one depth, and beyond them those of the object before. */
export interface KeyList {
  /** Where each begins, and how long it is with its closing quote and the colon. */
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

/** The position after the colon of a key that begins at a position, if it is the next one of the object before; else 0. */
export function repeatKey(text: string, at: number, keys: KeyList): number {
  const next = keys.next;
  if (next >= keys.count) return 0;
  const length = keys.lengths[next] ?? 0;
  if (!isSameAt(text, at, keys.starts[next] ?? 0, length)) return 0;
  keys.next = next + 1;
  return at + length;
}

/** Remembers a key of the open object, all of which are in the hash table. */
export function rememberKey(keys: KeyList, start: number, length: number): void {
  const next = keys.next;
  if (next >= MOST) return;
  keys.starts[next] = start;
  keys.lengths[next] = length;
  keys.next = next + 1;
  keys.count = next + 1;
  keys.hashed = next + 1;
}
