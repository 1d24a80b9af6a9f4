import { byteAt } from './bytes.ts';

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}

/**
 * The length in bytes of the multibyte character that begins at a position; 0: it is not UTF-8 (RFC 3629: no overlong forms, no surrogates,
 * nothing above U+10FFFF).
 */
export function utf8Length(text: string, at: number): 0 | 2 | 3 | 4 {
  const first = byteAt(text, at);
  const second = byteAt(text, at + 1);
  if (!isContinuation(second) || first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (!isContinuation(byteAt(text, at + 2))) return 0;
  if (first < 0xf0) return (first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f) ? 0 : 3;
  if (first > 0xf4 || !isContinuation(byteAt(text, at + 3))) return 0;
  return (first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f) ? 0 : 4;
}

/** A code point in UTF-8. */
export function encodeUtf8(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  const last = 0x80 + (code & 63);
  if (code < 0x800) return String.fromCharCode(0xc0 + (code >> 6), last);
  const middle = 0x80 + ((code >> 6) & 63);
  if (code < 0x10000) return String.fromCharCode(0xe0 + (code >> 12), middle, last);
  return String.fromCharCode(0xf0 + (code >> 18), 0x80 + ((code >> 12) & 63), middle, last);
}
