import {
  compileKinds,
  compileRules,
  coversPath,
  decideName,
  isActive,
  isUnrestricted,
  listCovering,
  type GrantKind,
  type Rules,
} from '../../../../registry/contract/gate/rules/index.ts';
import type { GrantFile } from '../../../../registry/contract/gate/access-files.ts';
import { META_PATH } from '../../../../registry/contract/gate/meta-endpoint.ts';
import { memoizeForAll } from '../records/memoize-for.ts';
import type { Access, KeyRecord, ServerRecord } from '../records/index.ts';

/** What an agent may do on a server, with cached decisions. */
export interface Granted {
  rules: Rules;
  /** The agent may not use everything on the server. */
  isRestricted: boolean;
  /** Decisions by name; undefined: none yet. */
  decided: Record<GrantKind, Record<string, boolean | undefined>> | undefined;
  /** How many decisions are in `decided`. */
  count: number;
}

interface Covering {
  /** Positions of the grants that cover the server. */
  positions: number[];
  /** Some of them do not apply all the time. */
  isTimed: boolean;
}

/** What was derived for one server from the active grants; dropped when the server's record changes. */
interface Derived {
  server: ServerRecord;
  /** Positions of the active grants; for most agents all are always active. */
  active: string;
  /** Undefined: nothing. */
  granted: Granted | undefined;
}

/** Maximum number of cached decisions for an agent on a server, and the length of a name up to which they are cached. */
const MAX_DECIDED = 512;
const MAX_DECIDED_LENGTH = 128;

/** Grants of every agent for the meta endpoint: what it calls there arrives again as a separate call and is judged then. */
const META_GRANTS: readonly GrantFile[] = [{ server: META_PATH, tools: ['*'], resources: ['*'], prompts: ['*'] }];
const META_COVERING: Covering = { positions: [0], isTimed: false };

/** Shared by all agents without restrictions, whose decisions need not be cached. */
const EVERYTHING: Granted = {
  rules: compileKinds(META_GRANTS, META_COVERING.positions, { tags: [], readOnly: {} }),
  isRestricted: false,
  decided: undefined,
  count: 0,
};

/** Whether an agent's key may be used for a server at all, regardless of what its grants allow there. */
function isWithinKey({ servers }: Access, path: string): boolean {
  if (servers === undefined) return true;
  for (const pattern of servers) if (coversPath(pattern, path)) return true;
  return false;
}

function coveringOf(access: Access, path: string): Covering {
  if (path === META_PATH) return META_COVERING;
  const name = `covering ${path}`;
  const before = access.derived?.[name] as Covering | undefined;
  if (before !== undefined) return before;
  const positions = isWithinKey(access, path) ? listCovering(access.grants, path) : [];
  let isTimed = false;
  for (const position of positions) {
    const grant = access.grants[position];
    if (grant?.hours !== undefined || grant?.expiresAt !== undefined) isTimed = true;
  }
  const covering = { positions, isTimed };
  memoizeForAll(access, name, covering);
  return covering;
}

/** Whether any grant names the server; it may still allow nothing there. */
export function isCovered(record: KeyRecord, path: string): boolean {
  return coveringOf(record.access, path).positions.length > 0;
}

function listActive({ grants }: Access, covering: Covering, nowMs: number): number[] {
  if (!covering.isTimed) return covering.positions;
  const active: number[] = [];
  for (const position of covering.positions) {
    const grant = grants[position];
    if (grant !== undefined && isActive(grant, nowMs)) active.push(position);
  }
  return active;
}

/** What the grants at these positions allow on a server; undefined: nothing. */
function derive(
  { grants }: Access,
  path: string,
  server: ServerRecord,
  active: readonly number[],
): Granted | undefined {
  const rules = compileRules(path === META_PATH ? META_GRANTS : grants, active, server.facts);
  if (rules === undefined) return undefined;
  const isWhole = isUnrestricted(rules.tools) && isUnrestricted(rules.resources) && isUnrestricted(rules.prompts);
  return isWhole ? EVERYTHING : { rules, isRestricted: true, decided: undefined, count: 0 };
}

/** What a key may do on a server at this moment; undefined: nothing. Cached for all keys with these grants. */
export function grantedOn(record: KeyRecord, path: string, server: ServerRecord, nowMs: number): Granted | undefined {
  const { access } = record;
  const covering = coveringOf(access, path);
  if (covering.positions.length === 0) return undefined;
  const positions = listActive(access, covering, nowMs);
  const active = covering.isTimed ? positions.join(' ') : 'all';
  const name = `rules ${server.id}`;
  const before = access.derived?.[name] as Derived | undefined;
  if (before !== undefined && before.server === server && before.active === active) return before.granted;
  const granted = derive(access, path, server, positions);
  memoizeForAll(access, name, { server, active, granted } satisfies Derived);
  return granted;
}

/** Whether a tool, resource or prompt may be used. Cached for names of ordinary length. */
export function mayUse(granted: Granted, kind: GrantKind, name: string): boolean {
  const rules = granted.rules[kind];
  if (isUnrestricted(rules)) return true;
  const before = granted.decided?.[kind][name];
  if (before !== undefined) return before;
  const { allowed } = decideName(rules, name);
  if (name.length > MAX_DECIDED_LENGTH) return allowed;
  if (granted.decided === undefined || granted.count >= MAX_DECIDED) {
    granted.decided = { tools: {}, resources: {}, prompts: {} };
    granted.count = 0;
  }
  granted.count += 1;
  granted.decided[kind][name] = allowed;
  return allowed;
}
