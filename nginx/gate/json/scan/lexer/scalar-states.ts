import { BEGIN, BEGIN_STRING, END_NUMBER, END_SCALAR } from './entries.ts';
import { addState, allow, SPACE } from './table.ts';

const DIGITS = '0123456789';
const NONZERO = '123456789';

/** A state in which a number may end. */
function addNumber(): number {
  const state = addState();
  allow(state, `${SPACE},]}`, END_NUMBER);
  return state;
}

// Numbers (RFC 8259, section 6).
const minus = addState();
const zero = addNumber();
/** Inside the digits of a number before its point, the first of them not 0. */
export const INTEGER = addNumber();
const point = addState();
const fraction = addNumber();
const letter = addState();
const sign = addState();
const exponent = addNumber();
allow(minus, '0', zero);
allow(minus, NONZERO, INTEGER);
allow(INTEGER, DIGITS, INTEGER);
allow(zero, '.', point);
allow(INTEGER, '.', point);
allow(point, DIGITS, fraction);
allow(fraction, DIGITS, fraction);
for (const state of [zero, INTEGER, fraction]) allow(state, 'eE', letter);
allow(letter, '+-', sign);
for (const state of [letter, sign, exponent]) allow(state, DIGITS, exponent);

/** The state after the first letter of a word. */
function addWord(word: string): number {
  let next = addState();
  allow(next, word.charAt(word.length - 1), END_SCALAR);
  for (let i = word.length - 2; i > 0; i -= 1) {
    const state = addState();
    allow(state, word.charAt(i), next);
    next = state;
  }
  return next;
}

const words = { t: addWord('true'), f: addWord('false'), n: addWord('null') };

/** Allows a string, number, `true`, `false` or `null` to begin in a state. */
export function allowScalar(state: number): void {
  allow(state, '"', BEGIN_STRING);
  allow(state, '-', BEGIN + minus);
  allow(state, '0', BEGIN + zero);
  allow(state, NONZERO, BEGIN + INTEGER);
  allow(state, 't', BEGIN + words.t);
  allow(state, 'f', BEGIN + words.f);
  allow(state, 'n', BEGIN + words.n);
}
