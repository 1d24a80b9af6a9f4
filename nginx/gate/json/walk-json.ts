import * as lexer from '../scan/lexer/index.ts';
import { byteAt } from '../scan/text/bytes.ts';
import { plainEnd } from '../scan/text/plain.ts';

/** What is told of a JSON text. `depth`: how many objects and arrays are open, the one that opens or closes included. Positions are of bytes. */
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
const MAX_DEPTH = 128;
const BRACE = 123;

/**
 * Reads a text as strict JSON (RFC 8259) in one pass and hands what is at most `maxDepth` deep to a visitor. False: it is none, or too deep; the
 * visitor was told of what came before. An object or array must be outermost.
 */
export function walkJson(text: string, maxDepth: number, visitor: Visitor): boolean {
  const length = text.length;
  const table = lexer.TABLE;
  let at = 0;
  let state = lexer.START;
  let from = 0;
  let depth = 0;
  let after = lexer.END;
  // Not one for all texts: a visitor may walk a part of the text itself.
  const afters: number[] = [];
  while (at < length) {
    const byte = byteAt(text, at);
    const entry = table[state + byte] ?? lexer.NOT_JSON;
    at += 1;
    if (entry < lexer.BEGIN) state = entry;
    else if (entry === lexer.BEGIN_STRING) {
      from = at - 1;
      at = plainEnd(text, at);
      state = lexer.STRING;
    } else if (entry === lexer.END_SCALAR || entry === lexer.END_NUMBER) {
      if (entry === lexer.END_NUMBER) at -= 1;
      if (depth <= maxDepth) visitor.scalar(depth, from, at);
      state = after;
    } else if (entry === lexer.COMMA) state = after === lexer.AFTER_MEMBER ? lexer.NEXT_KEY : lexer.VALUE;
    else if (entry === lexer.BEGIN_KEY) {
      from = at;
      at = plainEnd(text, at);
      state = lexer.KEY;
    } else if (entry === lexer.END_KEY) {
      if (depth <= maxDepth) visitor.key(depth, from, at - 1);
      state = lexer.COLON;
    } else if (entry < lexer.BEGIN_STRING) {
      from = at - 1;
      state = entry - lexer.BEGIN;
    } else if (entry === lexer.OPEN) {
      afters[depth] = after;
      depth += 1;
      if (depth > MAX_DEPTH) return false;
      const isObject = byte === BRACE;
      after = isObject ? lexer.AFTER_MEMBER : lexer.AFTER_ELEMENT;
      if (depth <= maxDepth) visitor.open(depth, isObject, at - 1);
      state = isObject ? lexer.FIRST_KEY : lexer.FIRST_ELEMENT;
    } else if (entry === lexer.CLOSE) {
      if (depth <= maxDepth) visitor.close(depth, at - 1);
      depth -= 1;
      after = afters[depth] ?? lexer.END;
      state = after;
    } else if (entry === lexer.ESCAPE_KEY) state = lexer.ESCAPE_IN_KEY;
    else return false;
  }
  return state === lexer.END;
}
