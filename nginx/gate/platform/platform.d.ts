// The hand-written Lua. `<name>.lua` beside this file is the module `platform/<name>`, declared here; unit tests in Node use `<name>.node.ts`
// instead (vitest.config.ts). Strings are bytes in Lua: in Node, tests pass text in which each character is a byte (latin1).

declare module 'platform/text' {
  /** The text as a JSON string, with its quotes. */
  export function quote(this: void, text: string): string;
  /** A JSON number by its value, as JavaScript's `toExponential(16)` writes it. */
  export function writeNumber(this: void, text: string): string;
  /** The last position at which `part` begins, counted from 0; -1: none. */
  export function lastIndexOf(this: void, text: string, part: string): number;
}

declare module 'platform/bytes' {
  /** The byte at a position counted from 0; NaN after the end, for which any comparison with a number is false. */
  export function byteAt(this: void, text: string, at: number): number;
  /** Position of the first byte that has a meaning in a JSON string or is not ASCII; or the end of the text. */
  export function plainEnd(this: void, text: string, from: number): number;
  /** Position of the first byte after digits, and after a point and digits if these follow; or the end of the text. */
  export function decimalEnd(this: void, text: string, from: number): number;
  /** Whether `length` bytes at one position are equal to those at an earlier one. */
  export function isSameAt(this: void, text: string, at: number, earlier: number, length: number): boolean;
}

declare module 'platform/system' {
  /** libc, libcrypto and NGINX's own structs. */
  export const platform: import('./types.d.ts').Platform;
}
