// What an entry of the table (table.ts) asks for. A state is the position of its row in the table, so a byte costs one look at it.

/** Entries below: go on in the state that is the entry. */
export const HASH = 0x10000;
/** Entries from HASH: the same, minus HASH, and the byte belongs to a key. */
export const BEGIN = 0x20000;
/** Entries from BEGIN: the same, minus BEGIN, and a scalar begins. */
const ACTIONS = 0x30000;

export const KEY_BEGIN = ACTIONS;
/** A string begins that is a value. */
export const BEGIN_STRING = ACTIONS + 10;
export const KEY_ESCAPE = ACTIONS + 1;
export const KEY_END = ACTIONS + 2;
/** The byte is the last of a scalar. */
export const SCALAR_END = ACTIONS + 3;
/** The byte is the first after a number, and is to be looked at again. */
export const NUMBER_END = ACTIONS + 4;
export const OPEN = ACTIONS + 5;
export const CLOSE = ACTIONS + 6;
export const COMMA = ACTIONS + 7;
export const NOT_JSON = ACTIONS + 8;
export const NOT_UTF8 = ACTIONS + 9;
