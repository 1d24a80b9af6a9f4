import { END_KEY, END_SCALAR, ESCAPE_KEY, NOT_UTF8 } from './entries.ts';
import { addState, allow, allowRange } from './table.ts';

/** A state in which one continuation byte of a range must follow. */
function addContinuation(first: number, last: number, next: number): number {
  const state = addState(NOT_UTF8);
  allowRange(state, first, last, next);
  return state;
}

/** Characters of two to four bytes (RFC 3629, section 4): no overlong forms, no surrogates, nothing above U+10FFFF. */
function allowMultibyte(string: number): void {
  const last = addContinuation(0x80, 0xbf, string);
  const lastTwo = addContinuation(0x80, 0xbf, last);
  allowRange(string, 0x80, 0xff, NOT_UTF8);
  allowRange(string, 0xc2, 0xdf, last);
  allowRange(string, 0xe0, 0xef, lastTwo);
  allowRange(string, 0xe0, 0xe0, addContinuation(0xa0, 0xbf, last));
  allowRange(string, 0xed, 0xed, addContinuation(0x80, 0x9f, last));
  allowRange(string, 0xf0, 0xf0, addContinuation(0x90, 0xbf, lastTwo));
  allowRange(string, 0xf1, 0xf3, addContinuation(0x80, 0xbf, lastTwo));
  allowRange(string, 0xf4, 0xf4, addContinuation(0x80, 0x8f, lastTwo));
}

/** What follows a backslash (RFC 8259, section 7). */
function addEscape(string: number): number {
  const escape = addState();
  allow(escape, '"\\/bfnrt', string);
  let next = string;
  for (let digit = 0; digit < 4; digit += 1) {
    const state = addState();
    allow(state, '0123456789abcdefABCDEF', next);
    next = state;
  }
  allow(escape, 'u', next);
  return escape;
}

function addString(): number {
  const string = addState();
  allowRange(string, 0x20, 0x7f, string);
  allowMultibyte(string);
  return string;
}

/** Inside a string that is a value. */
export const STRING = addString();
allow(STRING, '\\', addEscape(STRING));
allow(STRING, '"', END_SCALAR);

/** Inside a key. */
export const KEY = addString();
/** After a backslash in a key. */
export const ESCAPE_IN_KEY = addEscape(KEY);
allow(KEY, '\\', ESCAPE_KEY);
allow(KEY, '"', END_KEY);
