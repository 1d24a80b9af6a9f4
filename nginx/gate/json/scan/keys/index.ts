import { byteAt } from '../text/bytes.ts';
import { finish, mix, mixBytes, mixDecoded } from './hash.ts';
import { addEntry, clearTable, prepareTable } from './table.ts';

export { countSteps } from './table.ts';

/** Tells the objects of a body apart in the hash. */
const OBJECT_FACTOR = 40503;

let text = '';
let salt = 0;
let seed = 0;
/** The key at hand. */
let from = 0;
let first = 0;
let hash = 0;
let hashedTo = 0;
let isEscaped = false;

/** Begins with the keys of a body. `limit`: how many steps (see `countSteps`) it may take before keys are said to collide. */
export function resetKeys(body: string, hashSeed: number, limit: number): void {
  text = body;
  prepareTable(body.length, limit);
  // Other for each body, so that what collided once does not collide when it is sent again.
  seed = hashSeed ^ salt;
  salt = mix(salt, 1);
}

/** Forgets the keys and the body. Returns about how much memory that frees, in KB. */
export function dropKeys(): number {
  text = '';
  return clearTable();
}

/** Begins a key of an object; returns the position of its first byte that is no plain ASCII, which may be its end. */
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

/** Ends the key; 'twice': its object has it already, also when only one of the two is written with escapes. */
export function endKey(to: number): 'new' | 'twice' | 'collides' {
  return isEscaped
    ? addEntry(text, -from, finish(mixDecoded(first, text, from)))
    : addEntry(text, from, finish(mixBytes(hash, text, hashedTo, to)));
}
