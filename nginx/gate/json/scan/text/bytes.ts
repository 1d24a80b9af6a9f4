// Strings are bytes in Lua; in Node, callers pass text in which each character is a byte (latin1).
export { byteAt } from 'platform/bytes';
