/**
 * The byte at a position counted from 0, NaN behind the end: no comparison with a number holds for it. Strings are bytes in Lua; in Node,
 * callers pass text of which each character is a byte (latin1).
 */
export function byteAt(text: string, at: number): number {
  return text.charCodeAt(at);
}
