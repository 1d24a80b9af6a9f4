import { byteAt } from './bytes.ts';

/** Position of the first byte that has a meaning in a string, or no place there, or more bytes to follow. */
export function plainEnd(text: string, from: number): number {
  let at = from;
  let byte = byteAt(text, at);
  while (byte >= 32 && byte < 128 && byte !== 34 && byte !== 92) {
    at += 1;
    byte = byteAt(text, at);
  }
  return at;
}
