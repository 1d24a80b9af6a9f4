// What an entry of the table (table.ts) means. A state is the position of its row in the table, so each byte costs one lookup.

/** Entries below: continue in the state that is the entry. */
export const BEGIN = 0x10000;
/** Entries from BEGIN: a scalar other than a string begins; continue in the state that is the entry minus BEGIN. */
const ACTIONS = 0x20000;

export const BEGIN_STRING = ACTIONS;
export const BEGIN_KEY = ACTIONS + 1;
/** An escape begins in a key. */
export const ESCAPE_KEY = ACTIONS + 2;
export const END_KEY = ACTIONS + 3;
/** The byte is the last of a scalar. */
export const END_SCALAR = ACTIONS + 4;
/** The byte is the first after a number, and must be read again. */
export const END_NUMBER = ACTIONS + 5;
export const OPEN = ACTIONS + 6;
export const CLOSE = ACTIONS + 7;
export const COMMA = ACTIONS + 8;
export const NOT_JSON = ACTIONS + 9;
export const NOT_UTF8 = ACTIONS + 10;
