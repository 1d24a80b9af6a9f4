import { plainEnd } from 'platform/bytes';
// By name, as in scan/walk.ts.
import {
  AFTER_ELEMENT,
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
  OPEN,
  START,
  STRING,
  TABLE,
  VALUE,
} from './scan/lexer/index.ts';
import { byteAt } from './scan/text/bytes.ts';

/** Callbacks for a JSON text. `depth`: how many objects and arrays are open, including the one that opens or closes. Positions are in bytes. */
export interface Visitor {
  open(this: void, depth: number, isObject: boolean, at: number): void;
  /** `at`: of the closing bracket. */
  close(this: void, depth: number, at: number): void;
  /** A key, without its quotes. */
  key(this: void, depth: number, from: number, to: number): void;
  /** A string with its quotes, a number or a word. */
  scalar(this: void, depth: number, from: number, to: number): void;
}

/** Deeper texts are not read. */
export const MAX_DEPTH = 128;
const BRACE = 123;

/**
 * Reads a text as strict JSON (RFC 8259) in one pass and passes what is at most `maxDepth` deep to a visitor. False: it is not JSON, or too
 * deep; the visitor was called for what precedes the problem. The outermost value must be an object or array.
 */
export function walkJson(text: string, maxDepth: number, visitor: Visitor): boolean {
  const length = text.length;
  const table = TABLE;
  let at = 0;
  let state = START;
  let from = 0;
  let depth = 0;
  let after = END;
  // Not shared between texts: a visitor may itself walk a part of the text.
  const afters: number[] = [];
  while (at < length) {
    const byte = byteAt(text, at);
    const entry = table[state + byte] ?? NOT_JSON;
    at += 1;
    if (entry < BEGIN) state = entry;
    else if (entry === BEGIN_STRING) {
      from = at - 1;
      at = plainEnd(text, at);
      state = STRING;
    } else if (entry === END_SCALAR || entry === END_NUMBER) {
      if (entry === END_NUMBER) at -= 1;
      if (depth <= maxDepth) visitor.scalar(depth, from, at);
      state = after;
    } else if (entry === COMMA) state = after === AFTER_MEMBER ? NEXT_KEY : VALUE;
    else if (entry === BEGIN_KEY) {
      from = at;
      at = plainEnd(text, at);
      state = KEY;
    } else if (entry === END_KEY) {
      if (depth <= maxDepth) visitor.key(depth, from, at - 1);
      state = COLON;
    } else if (entry < BEGIN_STRING) {
      from = at - 1;
      state = entry - BEGIN;
    } else if (entry === OPEN) {
      afters[depth] = after;
      depth += 1;
      if (depth > MAX_DEPTH) return false;
      const isObject = byte === BRACE;
      after = isObject ? AFTER_MEMBER : AFTER_ELEMENT;
      if (depth <= maxDepth) visitor.open(depth, isObject, at - 1);
      state = isObject ? FIRST_KEY : FIRST_ELEMENT;
    } else if (entry === CLOSE) {
      if (depth <= maxDepth) visitor.close(depth, at - 1);
      depth -= 1;
      after = afters[depth] ?? END;
      state = after;
    } else if (entry === ESCAPE_KEY) state = ESCAPE_IN_KEY;
    else return false;
  }
  return state === END;
}
