import * as entries from './entries.ts';

const WIDTH = 256;

/** One row of 256 entries (entries.ts) for each state, one entry for each byte. */
export const TABLE: number[] = [];

/** A new state, in which no byte is allowed yet. */
export function addState(refusal: number = entries.NOT_JSON): number {
  const state = TABLE.length;
  for (let byte = 0; byte < WIDTH; byte += 1) TABLE.push(refusal);
  return state;
}

/** Sets the entry of each byte from `first` to `last` in a state. */
export function allowRange(state: number, first: number, last: number, entry: number): void {
  for (let byte = first; byte <= last; byte += 1) TABLE[state + byte] = entry;
}

/** Sets the entry of each of these ASCII characters in a state. */
export function allow(state: number, characters: string, entry: number): void {
  for (let i = 0; i < characters.length; i += 1) TABLE[state + characters.charCodeAt(i)] = entry;
}

/** Space, tab, line feed and carriage return (RFC 8259, section 2). */
export const SPACE = ' \t\n\r';
