import { byteAt } from './text/bytes.ts';
import { codeAt, cursor, REPLACEMENT } from './text/codes.ts';

/** What an object or array means to the gate. */
export type Role = 'batch' | 'message' | 'params' | 'meta' | 'ref' | 'filter' | 'uris' | 'other';

/** The member of `params._meta` in which a modern request states its revision. */
const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';

const UNDERSCORE = 95;

/** Members by their first letter, which is unique within an object: so a key is compared with only one name. */
type Known = Partial<Record<number, string>>;

function byLetter(names: readonly string[]): Known {
  const known: Known = {};
  for (const name of names) known[byteAt(name, byteAt(name, 0) === UNDERSCORE ? 1 : 0)] = name;
  return known;
}

/** The members that the gate acts on, or that a backend acts on once the gate has let the message pass. */
const KNOWN: Record<Role, Known> = {
  batch: {},
  message: byLetter(['jsonrpc', 'id', 'method', 'params', 'result', 'error']),
  params: byLetter(['name', 'arguments', 'uri', '_meta', 'ref', 'task']),
  meta: byLetter([VERSION_KEY]),
  ref: byLetter(['type', 'name', 'uri']),
  filter: byLetter(['resourceSubscriptions']),
  uris: {},
  other: {},
};

/** Members of params that share their first letter with one of those above. */
const ALSO: Known = byLetter(['notifications']);
const NONE: Known = {};

/**
 * The lower-case ASCII letter as which some JSON library reads a character. ſ and K: Unicode's simple case folding, as in Go. İ and ı:
 * Java's equalsIgnoreCase.
 */
function fold(code: number): number {
  if (code >= 65 && code <= 90) return code + 32;
  if (code < 0x130) return code;
  if (code === 0x17f) return 115;
  if (code === 0x212a) return 107;
  return code <= 0x131 ? 105 : code;
}

/** Space, `-` and `_`, which fastjson ignores in names, and half a surrogate pair. */
function isSkipped(code: number): boolean {
  return code === 32 || code === 45 || code === UNDERSCORE || code === REPLACEMENT;
}

/** Position of the first character of a key that no library ignores. */
function skipLeading(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSkipped(codeAt(text, at))) at = cursor.next;
  return at;
}

/** Compares a key, from its first letter on, with a known name. 'loose': another name that some JSON library treats as the known one. */
function compare(text: string, from: number, to: number, name: string): 'exact' | 'loose' | 'other' {
  let at = from;
  let matched = byteAt(name, 0) === UNDERSCORE ? 1 : 0;
  let isExact = true;
  while (at < to) {
    const code = codeAt(text, at);
    at = cursor.next;
    const expected = byteAt(name, matched);
    if (code === expected) matched += 1;
    else {
      isExact = false;
      if (fold(code) === fold(expected)) matched += 1;
      // Libraries written in C end a name there.
      else if (code === 0) break;
      else if (!isSkipped(code)) return 'other';
    }
  }
  if (matched < name.length) return 'other';
  return isExact ? 'exact' : 'loose';
}

function isSame(text: string, from: number, name: string): boolean {
  let i = 0;
  while (i < name.length && byteAt(text, from + i) === byteAt(name, i)) i += 1;
  return i === name.length;
}

/** The last result of `recognize`: the name of the known member, and whether the key is exactly that, after unescaping. */
export const recognized = { name: '', isExact: false };

function recognizeLoosely(text: string, from: number, to: number, role: Role): boolean {
  const start = skipLeading(text, from, to);
  if (start === to) return false;
  const letter = fold(codeAt(text, start));
  return (
    recognizeAs(text, from, to, start, KNOWN[role][letter]) || recognizeAs(text, from, to, start, alsoOf(role)[letter])
  );
}

function recognizeAs(text: string, from: number, to: number, start: number, name: string | undefined): boolean {
  if (name === undefined) return false;
  const hasUnderscore = byteAt(name, 0) === UNDERSCORE;
  if (hasUnderscore && start === from) return false;
  const match = compare(text, start, to, name);
  if (match === 'other') return false;
  const isStartExact = hasUnderscore ? codeAt(text, from) === UNDERSCORE && cursor.next === start : start === from;
  recognized.name = name;
  recognized.isExact = match === 'exact' && isStartExact;
  return true;
}

function alsoOf(role: Role): Known {
  return role === 'params' ? ALSO : NONE;
}

function isExactly(text: string, from: number, to: number, name: string | undefined): boolean {
  if (name === undefined || to - from !== name.length || !isSame(text, from, name)) return false;
  recognized.name = name;
  recognized.isExact = true;
  return true;
}

/** Whether a key names a known member of an object, or one that some JSON library treats as such. If so, sets `recognized`. */
export function recognize(text: string, from: number, to: number, role: Role): boolean {
  const letter = byteAt(text, from);
  if (isExactly(text, from, to, KNOWN[role][letter]) || isExactly(text, from, to, alsoOf(role)[letter])) return true;
  return recognizeLoosely(text, from, to, role);
}

/** The role of an object that is a member of another. */
export function roleBelow(role: Role, member: string): Role {
  if (role === 'batch') return 'message';
  if (role === 'message') return member === 'params' ? 'params' : 'other';
  if (role !== 'params') return 'other';
  if (member === 'notifications') return 'filter';
  if (member === '_meta') return 'meta';
  return member === 'ref' ? 'ref' : 'other';
}
