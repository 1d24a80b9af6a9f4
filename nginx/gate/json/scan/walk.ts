import { decimalEnd, plainEnd } from 'platform/bytes';
import { beginKey, endKey, escapeKey, isKeyEscaped, keyStart, repeatKey } from './keys/index.ts';
// Imported by name: LuaJIT treats the value of a local as a constant, but looks up a member of a module each time.
import {
  AFTER_MEMBER,
  BEGIN,
  BEGIN_KEY,
  BEGIN_STRING,
  CLOSE,
  COLON,
  COMMA,
  END,
  END_KEY,
  END_NUMBER,
  END_SCALAR,
  ESCAPE_IN_KEY,
  ESCAPE_KEY,
  FIRST_ELEMENT,
  FIRST_KEY,
  INTEGER,
  KEY,
  NEXT_KEY,
  NOT_JSON,
  NOT_UTF8,
  OPEN,
  START,
  STRING,
  TABLE,
  VALUE,
} from './lexer/index.ts';
import { close, complain, open, reading, takeKey, takeValue } from './reading.ts';
import { byteAt } from './text/bytes.ts';
import { utf8Length } from './text/utf8.ts';
import type { BodyProblem } from './types.ts';

const BRACE = 123;
const QUOTE = 34;

function explain(text: string, at: number, entry: number): BodyProblem {
  if (entry === NOT_UTF8) return 'not_utf8';
  return byteAt(text, at) >= 128 && utf8Length(text, at) === 0 ? 'not_utf8' : 'not_json';
}

function finishKey(at: number): BodyProblem | undefined {
  if (isKeyEscaped()) {
    reading.escapedKeys += 1;
    if (reading.escapedKeys > reading.limits.maxEscapedKeys) return 'too_many_escaped_keys';
  }
  const found = endKey(at, reading.frame.keys);
  if (found === 'collides') return 'keys_collide';
  if (found === 'twice') complain('key_twice');
  takeKey(keyStart(), at);
  return undefined;
}

/**
 * Reads a body as strict JSON (RFC 8259) in one pass and fills `reading`. Returns why it is not JSON, or which limit it exceeds; problems of
 * its messages are in `reading`.
 */
export function walk(): BodyProblem | undefined {
  const text = reading.text;
  const length = text.length;
  const maxMembers = reading.limits.maxMembers;
  const table = TABLE;
  let at = 0;
  let state = START;
  let from = 0;
  let members = 0;
  let frame = reading.frame;
  let after = frame.after;
  // Where members and elements have no meaning to the gate.
  let isOther = true;
  let problem: BodyProblem | undefined;
  while (at < length) {
    let byte = byteAt(text, at);
    let entry = table[state + byte] ?? NOT_JSON;
    at += 1;
    // Common keys, strings and numbers take one iteration of the loop instead of one for each byte.
    if (entry === BEGIN_KEY) {
      const end = repeatKey(text, at, frame.keys);
      if (end > 0) {
        if (!isOther) takeKey(at, end - 2);
        state = VALUE;
        byte = byteAt(text, end);
        entry = table[VALUE + byte] ?? NOT_JSON;
        at = end + 1;
      }
    }
    if (entry < BEGIN) state = entry;
    else if (entry === BEGIN_STRING) {
      from = at - 1;
      at = plainEnd(text, at);
      state = STRING;
      if (byteAt(text, at) === QUOTE) {
        at += 1;
        if (!isOther) takeValue(from, at, true);
        state = after;
      }
    } else if (entry === END_SCALAR) {
      if (!isOther) takeValue(from, at, false);
      state = after;
    } else if (entry === COMMA) {
      members += 1;
      state = after === AFTER_MEMBER ? NEXT_KEY : VALUE;
    } else if (entry === BEGIN_KEY) {
      at = beginKey(at, frame.object);
      state = KEY;
    } else if (entry === END_KEY) {
      problem = finishKey(at - 1);
      state = COLON;
    } else if (entry < BEGIN_STRING) {
      from = at - 1;
      state = entry - BEGIN;
      if (state === INTEGER) {
        const end = decimalEnd(text, at);
        if (table[INTEGER + byteAt(text, end)] === END_NUMBER) {
          at = end;
          if (!isOther) takeValue(from, at, false);
          state = after;
        }
      }
    } else if (entry === END_NUMBER) {
      at -= 1;
      if (!isOther) takeValue(from, at, false);
      state = after;
    } else if (entry === OPEN) {
      problem = open(byte === BRACE);
      members += 1;
      frame = reading.frame;
      after = frame.after;
      isOther = frame.role === 'other';
      state = byte === BRACE ? FIRST_KEY : FIRST_ELEMENT;
    } else if (entry === CLOSE) {
      close();
      frame = reading.frame;
      after = frame.after;
      isOther = frame.role === 'other';
      state = after;
    } else if (entry === ESCAPE_KEY) {
      escapeKey();
      state = ESCAPE_IN_KEY;
    } else return explain(text, at - 1, entry);
    if (problem !== undefined) return problem;
    // Most values are followed by another. After the end of the body `byteAt` returns NaN, for which LuaJIT compiles no table lookup.
    if (state === after && state !== END && table[state + byteAt(text, at)] === COMMA) {
      at += 1;
      members += 1;
      state = after === AFTER_MEMBER ? NEXT_KEY : VALUE;
    }
    if (members > maxMembers) return 'too_many_members';
  }
  return state === END ? undefined : 'not_json';
}
