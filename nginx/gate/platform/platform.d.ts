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

declare module 'platform/system' {
  /** libc, libcrypto and NGINX's own structs. */
  export const platform: import('./types.d.ts').Platform;
}
