import { HASH, KEY_END, KEY_ESCAPE, NOT_UTF8, SCALAR_END } from './entries.ts';
import { addState, allow, allowRange } from './table.ts';

/** A state in which continuation bytes of a range must follow. */
function addContinuation(first: number, last: number, next: number): number {
  const state = addState(NOT_UTF8);
  allowRange(state, first, last, next);
  return state;
}

/** Characters of two to four bytes (RFC 3629, section 4): no overlong forms, no surrogates, nothing above U+10FFFF. */
function allowMultibyte(string: number, mark: number): void {
  const last = mark + addContinuation(0x80, 0xbf, mark + string);
  const last2 = mark + addContinuation(0x80, 0xbf, last);
  allowRange(string, 0x80, 0xff, NOT_UTF8);
  allowRange(string, 0xc2, 0xdf, last);
  allowRange(string, 0xe0, 0xef, last2);
  allowRange(string, 0xe0, 0xe0, mark + addContinuation(0xa0, 0xbf, last));
  allowRange(string, 0xed, 0xed, mark + addContinuation(0x80, 0x9f, last));
  allowRange(string, 0xf0, 0xf0, mark + addContinuation(0x90, 0xbf, last2));
  allowRange(string, 0xf1, 0xf3, mark + addContinuation(0x80, 0xbf, last2));
  allowRange(string, 0xf4, 0xf4, mark + addContinuation(0x80, 0x8f, last2));
}

/** What follows a backslash (RFC 8259, section 7). */
function addEscape(string: number, mark: number): number {
  const escape = addState();
  allow(escape, '"\\/bfnrt', mark + string);
  let next = string;
  for (let digit = 0; digit < 4; digit += 1) {
    const state = addState();
    allow(state, '0123456789abcdefABCDEF', mark + next);
    next = state;
  }
  allow(escape, 'u', mark + next);
  return escape;
}

function addString(mark: number): number {
  const string = addState();
  allowRange(string, 0x20, 0x7f, mark + string);
  allowMultibyte(string, mark);
  return string;
}

/** Inside a string that is a value. */
export const STRING = addString(0);
allow(STRING, '\\', addEscape(STRING, 0));
allow(STRING, '"', SCALAR_END);

/** Inside a key, whose bytes are hashed; escaped ones are hashed again, decoded. */
export const KEY = addString(HASH);
/** After a backslash in a key. */
export const ESCAPE_IN_KEY = addEscape(KEY, HASH);
allow(KEY, '\\', KEY_ESCAPE);
allow(KEY, '"', KEY_END);
