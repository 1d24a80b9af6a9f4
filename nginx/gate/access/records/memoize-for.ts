import type { KeyRecord } from './record.ts';

/** A key may be used for thousands of servers: what is memoized for them is bounded, to the three things of some thirty servers. */
const MAX_DERIVED = 96;

/** Memoizes a value derived from a key's record under a name, for as long as the record is cached. */
export function memoizeFor(key: KeyRecord, name: string, value: unknown): void {
  if (key.derivedCount >= MAX_DERIVED) {
    key.derived = {};
    key.derivedCount = 0;
  }
  key.derived[name] = value;
  key.derivedCount += 1;
}
