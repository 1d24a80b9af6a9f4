import { foldName } from '../../../registry/contract/gate/rules/index.ts';
import { decodeClear } from './scan/text/codes.ts';
import { byteAt } from './scan/text/bytes.ts';

// Not as literals: the compiler would write each of these bytes as two.
/** ſ and K, which some parsers treat as s and k (Unicode's simple case folding). */
const LONG_S = String.fromCharCode(0xc5, 0xbf);
const KELVIN = String.fromCharCode(0xe2, 0x84, 0xaa);

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const byte = byteAt(text, i);
    if (byte >= 128 || byte === 92) return false;
  }
  return true;
}

// The same keys recur in each tool of a list, so they are cached: at most this many, up to this length.
const MAX_KNOWN = 500;
const MAX_KNOWN_LENGTH = 64;
let known: Record<string, string | undefined> = {};
let count = 0;

function memoize(written: string, folded: string): string {
  if (written.length > MAX_KNOWN_LENGTH) return folded;
  if (count >= MAX_KNOWN) {
    known = {};
    count = 0;
  }
  known[written] = folded;
  count += 1;
  return folded;
}

/** A key of a JSON text as a case-insensitive parser reads it. Undefined: parsers read it differently. */
export function foldKey(text: string, from: number, to: number): string | undefined {
  const written = text.slice(from, to);
  const before = known[written];
  // In Node an object has inherited members.
  if (typeof before === 'string') return before;
  if (isPlain(written)) return memoize(written, foldName(written));
  const decoded = decodeClear(text, from, to);
  return decoded && foldName(decoded.split(LONG_S).join('s').split(KELVIN).join('k'));
}
