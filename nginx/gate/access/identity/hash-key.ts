import { platform } from 'platform/system';

const MOST = 20_000;
let known: Record<string, string | undefined> = {};
let count = 0;

/** The SHA-256 of a key, in hex digits, by which its record is named. Remembered, since agents call again and again. */
export function hashKey(key: string): string {
  const before = known[key];
  if (before !== undefined) return before;
  if (count >= MOST) {
    known = {};
    count = 0;
  }
  const sha256 = platform.sha256Hex(key);
  known[key] = sha256;
  count += 1;
  return sha256;
}
