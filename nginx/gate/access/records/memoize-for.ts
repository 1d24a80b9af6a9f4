import type { Access, Memo } from './record.ts';

/** A key may be used for thousands of servers: the number of memoized values is limited, to three for each of about thirty servers. */
const MAX_DERIVED = 96;
/** Keys that share derived values share the room of at most this many keys. */
const MAX_SHARES = 32;

/** Memoizes a value derived from a record under a name, for as long as the record is cached. */
export function memoizeFor(memo: Memo, name: string, value: unknown, max = MAX_DERIVED): void {
  if (memo.derived === undefined || memo.derivedCount >= max) {
    memo.derived = {};
    memo.derivedCount = 0;
  }
  memo.derived[name] = value;
  memo.derivedCount += 1;
}

/** The same for a value that keys share. */
export function memoizeForAll(access: Access, name: string, value: unknown): void {
  memoizeFor(access, name, value, MAX_DERIVED * Math.min(access.keys, MAX_SHARES));
}
