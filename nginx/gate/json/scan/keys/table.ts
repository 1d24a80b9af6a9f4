import { byteAt } from '../text/bytes.ts';
import { codeAt, cursor } from '../text/codes.ts';

// The keys of all objects of a body, in our own hash table with open addressing: LuaJIT would intern each key, and its hash function is
// publicly known. One table for all bodies, since nothing yields while one is read. A slot holds `base` plus the number of an entry, from 1;
// a smaller value belongs to an earlier body or a smaller table, so nothing is ever cleared.

const MIN_SLOTS = 512;
const GROWTH = 4;
/** Memory that stays allocated after a body is at most these slots and half as many entries, 512 KB. */
const MAX_RETAINED_SLOTS = 32768;

const QUOTE = 34;

let slots: number[] = [];
/** The number of slots in use, minus 1. */
let mask = MIN_SLOTS - 1;
let base = 0;
let used = 0;
let hashes: number[] = [];
/** Where the keys of entries begin; negative for keys with escapes. */
let starts: number[] = [];
let steps = 0;
let maxSteps = 0;

function extendSlots(count: number): void {
  for (let i = slots.length; i < count; i += 1) slots[i] = 0;
}

/** Prepares for the keys of a body of some length, which may take `limit` steps (see `countSteps`). */
export function prepareTable(bytes: number, limit: number): void {
  steps = 0;
  maxSteps = limit;
  // Ordinary JSON has one key per 20 bytes or so. Starting with enough slots avoids moving the keys.
  mask = MIN_SLOTS - 1;
  while (mask < MAX_RETAINED_SLOTS - 1 && mask * 10 < bytes) mask = mask * GROWTH + GROWTH - 1;
  extendSlots(mask + 1);
}

/** Entries visited without a match and bytes compared since `prepareTable`. */
export function countSteps(): number {
  return steps;
}

/** Drops all entries, and frees the memory beyond what is retained. Returns about how much that was, in KB. */
export function clearTable(): number {
  const count = mask + 1;
  base += used;
  used = 0;
  if (count <= MAX_RETAINED_SLOTS) return 0;
  slots = [];
  hashes = [];
  starts = [];
  // 8 bytes a number, and each array was copied when it grew.
  return (2 * 8 * 2 * count) / 1024;
}

function grow(): void {
  mask = (mask + 1) * GROWTH - 1;
  extendSlots(mask + 1);
  base += used;
  for (let entry = 0; entry < used; entry += 1) {
    let slot = (hashes[entry] ?? 0) & mask;
    while ((slots[slot] ?? 0) > base) slot = (slot + 1) & mask;
    slots[slot] = base + entry + 1;
  }
}

function isSameRaw(text: string, first: number, second: number): boolean {
  let i = 0;
  let byte = byteAt(text, first);
  while (byte !== QUOTE && byte === byteAt(text, second + i)) {
    i += 1;
    byte = byteAt(text, first + i);
  }
  steps += i;
  return byte === QUOTE && byteAt(text, second + i) === QUOTE;
}

function isSameDecoded(text: string, first: number, second: number): boolean {
  let firstAt = first;
  let secondAt = second;
  let isSame = true;
  while (isSame && byteAt(text, firstAt) !== QUOTE && byteAt(text, secondAt) !== QUOTE) {
    const code = codeAt(text, firstAt);
    firstAt = cursor.next;
    isSame = codeAt(text, secondAt) === code;
    secondAt = cursor.next;
    steps += 1;
  }
  return isSame && byteAt(text, firstAt) === QUOTE && byteAt(text, secondAt) === QUOTE;
}

function isSameKey(text: string, start: number, other: number): boolean {
  return start > 0 && other > 0 ? isSameRaw(text, start, other) : isSameDecoded(text, Math.abs(start), Math.abs(other));
}

/** Adds the key that begins (as in `starts`) at a position of the body, unless the table already has it. */
export function addEntry(text: string, start: number, hash: number): 'new' | 'twice' | 'collides' {
  let slot = hash & mask;
  let entry = (slots[slot] ?? 0) - base - 1;
  while (entry >= 0) {
    // Keys of different objects begin with different hashes, so an equal key here is one of the same object.
    if (hashes[entry] === hash && isSameKey(text, start, starts[entry] ?? 0)) return 'twice';
    steps += 1;
    if (steps > maxSteps) return 'collides';
    slot = (slot + 1) & mask;
    entry = (slots[slot] ?? 0) - base - 1;
  }
  hashes[used] = hash;
  starts[used] = start;
  used += 1;
  slots[slot] = base + used;
  if (used * 2 > mask) grow();
  return 'new';
}
