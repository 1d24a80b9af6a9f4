import { platform } from 'platform/system';

const MAX_KNOWN = 20_000;
let known: Record<string, string | undefined> = {};
let count = 0;

/** The SHA-256 of a key in hex digits, the name of its record. Cached, since agents call repeatedly. */
export function hashKey(key: string): string {
  const before = known[key];
  if (before !== undefined) return before;
  if (count >= MAX_KNOWN) {
    known = {};
    count = 0;
  }
  const sha256 = platform.sha256Hex(key);
  known[key] = sha256;
  count += 1;
  return sha256;
}
