import type { GrantFile } from '../../../../registry/contract/gate/access-files.ts';
import type { Access } from './record.ts';

// Most agents of a gateway have one of a few sets of grants. Keys with equal grants share one record of them and everything derived from it:
// a worker with thousands of keys then needs less memory, and a call reads memory that earlier calls have brought into the CPU caches.

/** Maximum number of cached sets of grants, and the number of parts up to which a set is cached. */
const MAX_KNOWN = 1_000;
const MAX_PARTS = 300;

let known: Record<string, Access | undefined> = {};
let count = 0;

/** Adds parts of a text that only equal values have in common, regardless of the order of their members. */
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

/** The record of these grants and patterns of servers, shared by all keys with equal ones. */
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
  if (count >= MAX_KNOWN) {
    known = {};
    count = 0;
  }
  known[text] = access;
  count += 1;
  return access;
}
