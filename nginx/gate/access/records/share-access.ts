import type { GrantFile } from '../../../../registry/contract/gate/access-files.ts';
import type { Access } from './record.ts';

// Most agents of a gateway have one of a few sets of grants. Keys with equal ones share a record of them and all that is derived from it:
// a worker with thousands of keys then holds less, and a call touches memory that the calls before it had in the caches of the processor.

/** Sets of grants that are remembered, and the parts of their text up to which they are. */
const MOST = 1_000;
const MAX_PARTS = 300;

let known: Record<string, Access | undefined> = {};
let count = 0;

/** Adds parts of a text that equal values alone have, in whatever order their members were written. */
function describe(value: unknown, parts: string[]): void {
  if (parts.length > MAX_PARTS) return;
  if (typeof value === 'string') parts.push(`${value.length}:${value}`);
  else if (typeof value !== 'object') parts.push(`${value};`);
  else {
    const members = value as Record<string, unknown>;
    const names: string[] = [];
    for (const name in members) names.push(name);
    names.sort();
    parts.push('{');
    for (const name of names) {
      describe(name, parts);
      describe(members[name], parts);
    }
    parts.push('}');
  }
}

/** The record of these grants, within these patterns of servers: one for all keys that have equal ones. */
export function shareAccess(grants: readonly GrantFile[], servers: readonly string[] | undefined): Access {
  const parts: string[] = [];
  describe(grants, parts);
  if (servers !== undefined) describe(servers, parts);
  const text = parts.length > MAX_PARTS ? undefined : parts.join('');
  const before = text === undefined ? undefined : known[text];
  if (before !== undefined) {
    before.keys += 1;
    return before;
  }
  const access: Access = { grants, servers, keys: 1, derived: undefined, derivedCount: 0 };
  if (text === undefined) return access;
  if (count >= MOST) {
    known = {};
    count = 0;
  }
  known[text] = access;
  count += 1;
  return access;
}
