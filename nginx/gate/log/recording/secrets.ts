// Recognises secrets by their prefixes. Without regular expressions, so that no text takes long; texts are bytes.

/** Replaces a secret. */
export const REDACTED = '[redacted]';

/** Prefixes of keys of well-known services, and the minimum length of such a key. */
const PREFIXES: readonly [prefix: string, length: number][] = [
  ['mgw_', 40],
  ['ghp_', 30],
  ['gho_', 30],
  ['ghu_', 30],
  ['ghs_', 30],
  ['ghr_', 30],
  ['github_pat_', 30],
  ['glpat-', 20],
  ['sk-', 20],
  ['sk_live_', 20],
  ['sk_test_', 20],
  ['rk_live_', 20],
  ['xoxa-', 15],
  ['xoxb-', 15],
  ['xoxp-', 15],
  ['xoxs-', 15],
  ['AKIA', 20],
  ['ASIA', 20],
  ['AIza', 35],
  ['ya29.', 20],
  ['npm_', 30],
  ['hf_', 30],
  ['SG.', 40],
  ['eyJ', 30],
];
/** Words after which the secret itself follows. */
const NAMES = ['password', 'passwd', 'pwd', 'secret', 'token', 'key', 'sig'];
const LABELS = ['bearer ', 'basic '];
for (const name of NAMES) {
  LABELS.push(`${name}=`);
  // JSON within a text.
  LABELS.push(`${name}":"`);
  LABELS.push(`${name}": "`);
}
const MIN_LABELLED = 6;
const BACKSLASH = '\\';
const LETTER_U = 117;
/** Levels of nested texts, each of which doubles the backslashes. */
const MAX_UNESCAPED = 3;
const PRIVATE_KEY = 'PRIVATE KEY-----';

function isWordByte(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
}

/** Letters, digits and `-` `.` `_` `~` `+` `/` `=`, as in RFC 6750 §2.1. */
function isTokenByte(byte: number): boolean {
  return isWordByte(byte) || byte === 95 || byte === 126 || byte === 43 || byte === 61 || (byte >= 45 && byte <= 47);
}

function tokenEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isTokenByte(text.charCodeAt(at))) at += 1;
  return at;
}

/** A value of a setting, a query or a header ends at a space, a quote, `&`, `,` or `;`. */
function valueEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const byte = text.charCodeAt(at);
    if (byte <= 32 || byte === 34 || byte === 38 || byte === 39 || byte === 44 || byte === 59) break;
    at += 1;
  }
  return at;
}

/** Replaces each occurrence of a word and what follows it, up to the position that `endOf` returns; the word is searched for in `lower`. */
function replaceAfter(text: string, lower: string, word: string, endOf: (this: void, found: number) => number): string {
  let found = lower.indexOf(word);
  if (found < 0) return text;
  let result = '';
  let copiedTo = 0;
  while (found >= 0) {
    const end = endOf(found);
    if (end > found) {
      result += text.slice(copiedTo, found) + REDACTED;
      copiedTo = end;
    }
    found = lower.indexOf(word, Math.max(found + word.length, copiedTo));
  }
  return result + text.slice(copiedTo);
}

function redactPrefixes(text: string): string {
  let result = text;
  for (const [prefix, length] of PREFIXES) {
    const current = result;
    result = replaceAfter(current, current, prefix, (found) => {
      if (found > 0 && isWordByte(current.charCodeAt(found - 1))) return found;
      const end = tokenEnd(current, found);
      return end - found >= length ? end : found;
    });
  }
  return result;
}

function redactLabelled(text: string): string {
  let result = text;
  for (const label of LABELS) {
    const current = result;
    result = replaceAfter(current, current.toLowerCase(), label, (found) => {
      const start = found + label.length;
      const end = valueEnd(current, start);
      return end - start >= MIN_LABELLED ? end : found;
    });
  }
  return result;
}

function redactPrivateKeys(text: string): string {
  const begin = '-----BEGIN ';
  return replaceAfter(text, text, begin, (found) => {
    const title = text.indexOf(PRIVATE_KEY, found);
    if (title < 0 || title - found > 40) return found;
    const end = text.indexOf('-----END ', title);
    if (end < 0) return text.length;
    const last = text.indexOf(PRIVATE_KEY, end);
    return last < 0 ? text.length : last + PRIVATE_KEY.length;
  });
}

/** `user:password@` of a URL. */
function redactUserinfo(text: string): string {
  const mark = '://';
  return replaceAfter(text, text, mark, (found) => {
    let at = found + mark.length;
    let hasColon = false;
    while (at < text.length) {
      const byte = text.charCodeAt(at);
      if (byte === 64) return hasColon ? at : found;
      if (byte === 58) hasColon = true;
      if (byte <= 32 || byte === 47 || byte === 34 || byte === 63 || byte === 35) return found;
      at += 1;
    }
    return found;
  });
}

function redactPlain(text: string): string {
  return redactUserinfo(redactLabelled(redactPrefixes(redactPrivateKeys(text))));
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte >= 97 ? byte - 32 : byte;
  return letter >= 65 && letter <= 70 ? letter - 55 : -1;
}

/** The ASCII character of the escape `\uXXXX` whose backslash is at `at`; -1: not ASCII, or no such escape. */
function readCode(text: string, at: number): number {
  if (text.charCodeAt(at + 1) !== LETTER_U || at + 6 > text.length) return -1;
  let code = 0;
  for (let i = at + 2; i < at + 6; i += 1) {
    const digit = hexDigit(text.charCodeAt(i));
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code < 128 ? code : -1;
}

/** A text as a JSON parser would read it within a string. Decodes quotes, backslashes and ASCII, which is enough to recognise secrets. */
function unescape(text: string): string {
  let at = text.indexOf(BACKSLASH);
  if (at < 0) return text;
  let result = '';
  let copiedTo = 0;
  while (at >= 0) {
    const next = text.charAt(at + 1);
    const code = readCode(text, at);
    let end = at + 1;
    if (code >= 0) {
      result += text.slice(copiedTo, at) + String.fromCharCode(code);
      copiedTo = at + 6;
      end = copiedTo;
    } else if (next === '"' || next === BACKSLASH || next === '/') {
      result += text.slice(copiedTo, at) + next;
      copiedTo = at + 2;
      end = copiedTo;
    }
    at = text.indexOf(BACKSLASH, end);
  }
  return result + text.slice(copiedTo);
}

/**
 * A text without the secrets that are recognised in it: keys, bearer tokens, JWTs, private keys, passwords in URLs and settings. If one is
 * found only after JSON escapes are decoded, the decoded text is returned.
 */
export function redactSecrets(text: string): string {
  let shown = redactPlain(text);
  let decoded = shown;
  for (let i = 0; i < MAX_UNESCAPED; i += 1) {
    const next = unescape(decoded);
    if (next === decoded) break;
    decoded = redactPlain(next);
    if (decoded !== next) shown = decoded;
  }
  return shown;
}
