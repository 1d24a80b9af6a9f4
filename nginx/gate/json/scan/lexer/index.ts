import { CLOSE, COMMA, BEGIN_KEY, OPEN } from './entries.ts';
import { allowScalar } from './scalar-states.ts';
import { addState, allow, SPACE } from './table.ts';

export * from './entries.ts';
export { INTEGER } from './scalar-states.ts';
export { ESCAPE_IN_KEY, KEY, STRING } from './string-states.ts';
export { TABLE } from './table.ts';

function addSpaced(): number {
  const state = addState();
  allow(state, SPACE, state);
  return state;
}

function addValue(): number {
  const state = addSpaced();
  allowScalar(state);
  allow(state, '{[', OPEN);
  return state;
}

/** Before the outermost object or array. */
export const START = addSpaced();
allow(START, '{[', OPEN);

/** After it. */
export const END = addSpaced();

/** Before a value. */
export const VALUE = addValue();

/** Before the first element of an array, if it has one. */
export const FIRST_ELEMENT = addValue();
allow(FIRST_ELEMENT, ']', CLOSE);

/** Before a key. */
export const NEXT_KEY = addSpaced();
allow(NEXT_KEY, '"', BEGIN_KEY);

/** Before the first key of an object, if it has one. */
export const FIRST_KEY = addSpaced();
allow(FIRST_KEY, '"', BEGIN_KEY);
allow(FIRST_KEY, '}', CLOSE);

/** After a key. */
export const COLON = addSpaced();
allow(COLON, ':', VALUE);

/** After an element of an array. */
export const AFTER_ELEMENT = addSpaced();
allow(AFTER_ELEMENT, ',', COMMA);
allow(AFTER_ELEMENT, ']', CLOSE);

/** After a member of an object. */
export const AFTER_MEMBER = addSpaced();
allow(AFTER_MEMBER, ',', COMMA);
allow(AFTER_MEMBER, '}', CLOSE);
