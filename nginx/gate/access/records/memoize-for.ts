import type { Access, Memo } from './record.ts';

/** A key may be used for thousands of servers: what is memoized for them is bounded, to the three things of some thirty servers. */
const MAX_DERIVED = 96;
/** Keys that share what is derived have room for so many of them. */
const MAX_SHARES = 32;

/** Memoizes a value derived from a record under a name, for as long as the record is cached. */
export function memoizeFor(memo: Memo, name: string, value: unknown, most = MAX_DERIVED): void {
  if (memo.derived === undefined || memo.derivedCount >= most) {
    memo.derived = {};
    memo.derivedCount = 0;
  }
  memo.derived[name] = value;
  memo.derivedCount += 1;
}

/** The same for what keys share. */
export function memoizeForAll(access: Access, name: string, value: unknown): void {
  memoizeFor(access, name, value, MAX_DERIVED * Math.min(access.keys, MAX_SHARES));
}
