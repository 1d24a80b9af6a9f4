import { byteAt } from '../text/bytes.ts';
import { codeAt, cursor } from '../text/codes.ts';

/**
 * A hash with one more byte: Jenkins's one-at-a-time, since doubles represent shifts and additions exactly. For each byte it maps all hashes
 * one-to-one, so equal keys have equal hashes only where their initial hashes were equal.
 */
export function mix(hash: number, byte: number): number {
  const mixed = (hash ^ byte) | 0;
  const sum = (mixed + (mixed << 10)) | 0;
  return sum ^ (sum >>> 6);
}

/** A hash with the bytes between two positions. */
export function mixBytes(hash: number, text: string, from: number, to: number): number {
  let mixed = hash;
  for (let at = from; at < to; at += 1) mixed = mix(mixed, byteAt(text, at));
  return mixed;
}

function mixCode(hash: number, code: number): number {
  if (code < 0x80) return mix(hash, code);
  const last = 0x80 + (code & 63);
  if (code < 0x800) return mix(mix(hash, 0xc0 + (code >> 6)), last);
  const middle = 0x80 + ((code >> 6) & 63);
  if (code < 0x10000) return mix(mix(mix(hash, 0xe0 + (code >> 12)), middle), last);
  return mix(mix(mix(mix(hash, 0xf0 + (code >> 18)), 0x80 + ((code >> 12) & 63)), middle), last);
}

/** A hash with a key that has escapes, up to its closing quote: the same as with the decoded bytes. */
export function mixDecoded(hash: number, text: string, from: number): number {
  let mixed = hash;
  let at = from;
  while (byteAt(text, at) !== 34) {
    mixed = mixCode(mixed, codeAt(text, at));
    at = cursor.next;
  }
  return mixed;
}

/** Spreads the effect of the last bytes over all bits; also one-to-one. */
export function finish(hash: number): number {
  const sum = (hash + (hash << 3)) | 0;
  const mixed = sum ^ (sum >>> 11);
  return (mixed + (mixed << 15)) | 0;
}
