import { byteAt } from './bytes.ts';
import { encodeUtf8, utf8Length } from './utf8.ts';

/** Represents half a surrogate pair, which parsers read differently. */
export const REPLACEMENT = 0xfffd;
const REPLACEMENT_BYTES = encodeUtf8(REPLACEMENT);

/** Where the character after the one that `codeAt` read last begins. */
export const cursor = { next: 0 };

function hexValue(byte: number): number {
  return byte <= 57 ? byte - 48 : (byte & 15) + 9;
}

function readHex(text: string, at: number): number {
  return (
    hexValue(byteAt(text, at)) * 4096 +
    hexValue(byteAt(text, at + 1)) * 256 +
    hexValue(byteAt(text, at + 2)) * 16 +
    hexValue(byteAt(text, at + 3))
  );
}

/** The code unit at `at` if it is an escape of the second half of a surrogate pair, else 0. */
function readLowHalf(text: string, at: number): number {
  if (byteAt(text, at) !== 92 || byteAt(text, at + 1) !== 117) return 0;
  const unit = readHex(text, at + 2);
  return unit >= 0xdc00 && unit <= 0xdfff ? unit : 0;
}

function readUnicodeEscape(text: string, at: number): number {
  const unit = readHex(text, at + 2);
  cursor.next = at + 6;
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  const low = unit < 0xdc00 ? readLowHalf(text, at + 6) : 0;
  if (low === 0) return REPLACEMENT;
  cursor.next = at + 12;
  return 0x10000 + (unit - 0xd800) * 0x400 + (low - 0xdc00);
}

function readEscape(text: string, at: number): number {
  const sign = byteAt(text, at + 1);
  if (sign === 117) return readUnicodeEscape(text, at);
  cursor.next = at + 2;
  if (sign === 98) return 8;
  if (sign === 102) return 12;
  if (sign === 110) return 10;
  if (sign === 114) return 13;
  return sign === 116 ? 9 : sign;
}

function readMultibyte(text: string, at: number): number {
  const length = utf8Length(text, at);
  cursor.next = at + length;
  const first = byteAt(text, at);
  const second = byteAt(text, at + 1) & 63;
  if (length === 2) return (first & 31) * 64 + second;
  const third = byteAt(text, at + 2) & 63;
  if (length === 3) return (first & 15) * 4096 + second * 64 + third;
  return (first & 7) * 262144 + second * 4096 + third * 64 + (byteAt(text, at + 3) & 63);
}

/** The code point at a position inside a valid string, escapes decoded; REPLACEMENT for half a surrogate pair. */
export function codeAt(text: string, at: number): number {
  const byte = byteAt(text, at);
  if (byte === 92) return readEscape(text, at);
  if (byte >= 128) return readMultibyte(text, at);
  cursor.next = at + 1;
  return byte;
}

/** The string between two positions, escapes decoded. */
function decode(text: string, from: number, to: number): string {
  const pieces: string[] = [];
  let count = 0;
  let at = from;
  while (at < to) {
    const start = at;
    while (at < to && byteAt(text, at) !== 92) at += 1;
    if (at > start) {
      pieces[count] = text.slice(start, at);
      count += 1;
    }
    if (at < to) {
      pieces[count] = encodeUtf8(readEscape(text, at));
      count += 1;
      at = cursor.next;
    }
  }
  return pieces.join('');
}

/** The same, or undefined when it contains half a surrogate pair or the replacement character, which parsers read differently. */
export function decodeClear(text: string, from: number, to: number): string | undefined {
  const decoded = decode(text, from, to);
  return decoded.indexOf(REPLACEMENT_BYTES) < 0 ? decoded : undefined;
}
