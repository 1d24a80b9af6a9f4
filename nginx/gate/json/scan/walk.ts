import { beginKey, endKey, escapeKey, isKeyEscaped, keyStart } from './keys/index.ts';
// By name: LuaJIT takes what a local is for a constant, and looks a member of a module up each time.
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
import { close, complain, countMember, open, reading, takeKey, takeValue } from './reading.ts';
import { byteAt } from './text/bytes.ts';
import { plainEnd } from './text/plain.ts';
import { utf8Length } from './text/utf8.ts';
import type { BodyProblem } from './types.ts';

const BRACE = 123;

function explain(text: string, at: number, entry: number): BodyProblem {
  if (entry === NOT_UTF8) return 'not_utf8';
  return byteAt(text, at) >= 128 && utf8Length(text, at) === 0 ? 'not_utf8' : 'not_json';
}

function finishKey(at: number): BodyProblem | undefined {
  if (isKeyEscaped()) {
    reading.escapedKeys += 1;
    if (reading.escapedKeys > reading.limits.maxEscapedKeys) return 'too_many_escaped_keys';
  }
  const found = endKey(at);
  if (found === 'collides') return 'keys_collide';
  if (found === 'twice') complain('key_twice');
  takeKey(keyStart(), at);
  return undefined;
}

/**
 * Reads a body as strict JSON (RFC 8259) in one pass and fills `reading`. Returns why it is no JSON, or what it has too much of;
 * what is wrong with its messages is in `reading`.
 */
export function walk(): BodyProblem | undefined {
  const text = reading.text;
  const length = text.length;
  const table = TABLE;
  let at = 0;
  let state = START;
  let from = 0;
  let plainTo = -1;
  let problem: BodyProblem | undefined;
  while (at < length) {
    const byte = byteAt(text, at);
    const entry = table[state + byte] ?? NOT_JSON;
    at += 1;
    if (entry < BEGIN) state = entry;
    else if (entry === BEGIN_STRING) {
      from = at - 1;
      at = plainEnd(text, at);
      plainTo = at;
      state = STRING;
    } else if (entry === END_SCALAR) {
      takeValue(from, at, at - 1 === plainTo);
      state = reading.frame.after;
    } else if (entry === COMMA) {
      problem = countMember();
      state = reading.frame.after === AFTER_MEMBER ? NEXT_KEY : VALUE;
    } else if (entry === BEGIN_KEY) {
      at = beginKey(at, reading.frame.object);
      state = KEY;
    } else if (entry === END_KEY) {
      problem = finishKey(at - 1);
      state = COLON;
    } else if (entry < BEGIN_STRING) {
      from = at - 1;
      state = entry - BEGIN;
    } else if (entry === END_NUMBER) {
      at -= 1;
      takeValue(from, at, false);
      state = reading.frame.after;
    } else if (entry === OPEN) {
      problem = open(byte === BRACE);
      state = byte === BRACE ? FIRST_KEY : FIRST_ELEMENT;
    } else if (entry === CLOSE) {
      close();
      state = reading.frame.after;
    } else if (entry === ESCAPE_KEY) {
      escapeKey();
      state = ESCAPE_IN_KEY;
    } else return explain(text, at - 1, entry);
    if (problem !== undefined) return problem;
  }
  return state === END ? undefined : 'not_json';
}
