import { byteAt } from '../text/bytes.ts';
import { finish, mix, mixBytes, mixDecoded } from './hash.ts';
import { cacheKey, type KeyList } from './repeated.ts';
import { addEntry, clearTable, prepareTable } from './table.ts';

export { createKeyList, repeatKey, type KeyList } from './repeated.ts';
export { countSteps } from './table.ts';

/** Distinguishes the objects of a body in the hash. */
const OBJECT_FACTOR = 40503;

const COLON = 58;

let text = '';
let salt = 0;
let seed = 0;
/** The current key. */
let from = 0;
let first = 0;
let hash = 0;
let hashedTo = 0;
let isEscaped = false;

/** Starts the keys of a body. `limit`: how many steps (see `countSteps`) are allowed before keys are reported as colliding. */
export function resetKeys(body: string, hashSeed: number, limit: number): void {
  text = body;
  prepareTable(body.length, limit);
  // Different for each body, so that keys that collided once do not collide when they are sent again.
  seed = hashSeed ^ salt;
  salt = mix(salt, 1);
}

/** Releases the keys and the body. Returns about how much memory that frees, in KB. */
export function dropKeys(): number {
  text = '';
  return clearTable();
}

/** Begins a key of an object; returns the position of its first byte that is not plain ASCII, which may be its end. */
export function beginKey(start: number, object: number): number {
  from = start;
  first = (seed + object * OBJECT_FACTOR) | 0;
  isEscaped = false;
  let mixed = first;
  let at = start;
  let byte = byteAt(text, at);
  while (byte >= 32 && byte < 128 && byte !== 34 && byte !== 92) {
    mixed = mix(mixed, byte);
    at += 1;
    byte = byteAt(text, at);
  }
  hash = mixed;
  hashedTo = at;
  return at;
}

/** Notes that the key is written with escapes. */
export function escapeKey(): void {
  isEscaped = true;
}

/** Whether the key is written with escapes. */
export function isKeyEscaped(): boolean {
  return isEscaped;
}

/** Where the key begins. */
export function keyStart(): number {
  return from;
}

/** Adds the keys of the open object that were only compared with those of the previous object. */
function addRepeated(keys: KeyList): 'new' | 'twice' | 'collides' {
  let found: 'new' | 'twice' | 'collides' = 'new';
  for (let key = keys.hashed; key < keys.next && found === 'new'; key += 1) {
    const start = keys.starts[key] ?? 0;
    found = addEntry(text, start, finish(mixBytes(first, text, start, start + (keys.lengths[key] ?? 0) - 2)));
  }
  keys.hashed = keys.next;
  keys.count = keys.next;
  return found;
}

/** Ends the key; 'twice': its object already has it, even if only one of the two is written with escapes. */
export function endKey(to: number, keys: KeyList): 'new' | 'twice' | 'collides' {
  const before = addRepeated(keys);
  if (before !== 'new') return before;
  if (isEscaped) return addEntry(text, -from, finish(mixDecoded(first, text, from)));
  const found = addEntry(text, from, finish(mixBytes(hash, text, hashedTo, to)));
  if (found === 'new' && byteAt(text, to + 1) === COLON) cacheKey(keys, from, to + 2 - from);
  return found;
}
