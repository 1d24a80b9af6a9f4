import { decodeClear } from './scan/text/codes.ts';

const BACKSLASH = '\\';

/** A key that `walkJson` found, escapes decoded; undefined: parsers read it differently. */
export function keyAt(text: string, from: number, to: number): string | undefined {
  const written = text.slice(from, to);
  return written.includes(BACKSLASH) ? decodeClear(text, from, to) : written;
}
