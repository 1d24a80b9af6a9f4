import { BASE62_DIGITS, KEY_SHAPE } from '../../registry/contract/key-shape.ts';

/** Characters of a key. */
export const KEY_LENGTH = 54;

const POLYNOMIAL = 0xedb88320;

/** CRC32 as zlib computes it, of ASCII text; bit by bit, since it runs for refused keys only and a table would be built for every request. */
export function crc32(text: string): number {
  let crc = -1;
  for (let i = 0; i < text.length; i += 1) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  }
  return (crc ^ -1) >>> 0;
}

/** The last six digits of a key that begins with `head`. */
export function checksum(head: string): string {
  let rest = crc32(head);
  let text = '';
  for (let i = 0; i < 6; i += 1) {
    text = BASE62_DIGITS.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** Whether the last six digits of a key fit the rest: tells a typing error from a key that is not, or no longer, valid. */
export function isChecksumRight(key: string): boolean {
  const at = key.lastIndexOf('_');
  return checksum(key.slice(0, at)) === key.slice(at + 1);
}

/** Whether a text looks like a key (DESIGN §8), its checksum aside. */
export function isKeyShaped(text: string): boolean {
  return text.length === KEY_LENGTH && KEY_SHAPE.test(text);
}

/**
 * The key of a request: from `Authorization: Bearer …`, else from `X-Api-Key`; undefined when neither is there. An Authorization of another
 * scheme does not hide an X-Api-Key.
 */
export function readKey(authorization: string | undefined, apiKey: string | undefined): string | undefined {
  if (authorization === undefined) return apiKey;
  const scheme = authorization.slice(0, 7);
  if (scheme === 'Bearer ' || scheme.toLowerCase() === 'bearer ') return authorization.slice(7).trim();
  return apiKey ?? authorization;
}
