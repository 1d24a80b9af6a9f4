// What is written by hand in Lua. `<name>.lua` beside this file is the module `platform/<name>`, declared here; unit tests in Node take
// `<name>.node.ts` for it (vitest.config.ts). Strings are bytes in Lua: in Node, tests pass text of which each character is a byte (latin1).

declare module 'platform/text' {
  /** The text as a JSON string, with its quotes. */
  export function quote(this: void, text: string): string;
  /** A number of JSON by its value, as JavaScript's `toExponential(16)` writes it. */
  export function writeNumber(this: void, text: string): string;
  /** Where `part` begins for the last time, counted from 0; -1: nowhere. */
  export function lastIndexOf(this: void, text: string, part: string): number;
}

declare module 'platform/bytes' {
  /** The byte at a position counted from 0, NaN behind the end: no comparison with a number holds for it. */
  export function byteAt(this: void, text: string, at: number): number;
  /** Position of the first byte that has a meaning in a JSON string, or is not ASCII, or the text's end. */
  export function plainEnd(this: void, text: string, from: number): number;
  /** Position of the first byte behind digits, and behind a point and digits if these follow; or the text's end. */
  export function decimalEnd(this: void, text: string, from: number): number;
  /** Whether so many bytes from one position on are those from an earlier one on. */
  export function isSameAt(this: void, text: string, at: number, earlier: number, length: number): boolean;
}

declare module 'platform/system' {
  /** libc, libcrypto and NGINX's own structs. */
  export const platform: import('./types.d.ts').Platform;
}
