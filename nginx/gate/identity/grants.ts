import {
  compileRules,
  coversPath,
  decideName,
  isActive,
  isUnrestricted,
  listCovering,
  type GrantKind,
  type Rules,
} from '../../../registry/contract/gate/rules/index.ts';
import type { GrantFile } from '../../../registry/contract/gate/access-files.ts';
import { META_PATH } from '../../../registry/contract/gate/meta-endpoint.ts';
import type { KeyRecord, ServerRecord } from '../records/index.ts';

/** What an agent may do on a server, with what was decided before. */
export interface Granted {
  rules: Rules;
  /** Something of the server may not be used. */
  isRestricted: boolean;
  decided: Record<GrantKind, Record<string, boolean | undefined>>;
  /** How much is in `decided`. */
  count: number;
}

interface Covering {
  /** Of the grants that cover the server. */
  positions: number[];
  /** Some of them do not hold all the time. */
  isTimed: boolean;
}

/** What was derived for one server, by which grants hold; dropped when the server's record is another. */
interface Derived {
  server: ServerRecord;
  byActive: Record<string, Granted | 'nothing' | undefined>;
}

/** Decisions that are remembered of an agent on a server, and the length of a name up to which they are. */
const MAX_DECIDED = 512;
const MAX_DECIDED_LENGTH = 128;

/** What every agent has on the meta endpoint: what it calls there comes back as a call of its own and is judged then. */
const META_GRANTS: readonly GrantFile[] = [{ server: META_PATH, tools: ['*'], resources: ['*'], prompts: ['*'] }];
const META_COVERING: Covering = { positions: [0], isTimed: false };

/** Whether an agent's key may be used for a server at all, whatever its grants allow there. */
function isWithinKey(record: KeyRecord, path: string): boolean {
  const { servers } = record;
  if (servers === undefined) return true;
  for (const pattern of servers) if (coversPath(pattern, path)) return true;
  return false;
}

function coveringOf(record: KeyRecord, path: string): Covering {
  if (path === META_PATH) return META_COVERING;
  const name = `covering ${path}`;
  const before = record.derived[name] as Covering | undefined;
  if (before !== undefined) return before;
  const positions = isWithinKey(record, path) ? listCovering(record.grants, path) : [];
  let isTimed = false;
  for (const position of positions) {
    const grant = record.grants[position];
    if (grant?.hours !== undefined || grant?.expiresAt !== undefined) isTimed = true;
  }
  const covering = { positions, isTimed };
  record.derived[name] = covering;
  return covering;
}

/** Whether any grant names the server; what it allows there may yet be nothing. */
export function isCovered(record: KeyRecord, path: string): boolean {
  return coveringOf(record, path).positions.length > 0;
}

function listActive(record: KeyRecord, covering: Covering, nowMs: number): number[] {
  if (!covering.isTimed) return covering.positions;
  const active: number[] = [];
  for (const position of covering.positions) {
    const grant = record.grants[position];
    if (grant !== undefined && isActive(grant, nowMs)) active.push(position);
  }
  return active;
}

function derivedOf(record: KeyRecord, server: ServerRecord): Derived {
  const name = `rules ${server.id}`;
  const before = record.derived[name] as Derived | undefined;
  if (before !== undefined && before.server === server) return before;
  const derived: Derived = { server, byActive: {} };
  record.derived[name] = derived;
  return derived;
}

/** What a key may do on a server at this moment; undefined: nothing. Remembered with its record. */
export function grantedOn(record: KeyRecord, path: string, server: ServerRecord, nowMs: number): Granted | undefined {
  const covering = coveringOf(record, path);
  if (covering.positions.length === 0) return undefined;
  const active = listActive(record, covering, nowMs);
  const derived = derivedOf(record, server);
  const name = covering.isTimed ? active.join(' ') : 'all';
  const before = derived.byActive[name];
  if (before !== undefined) return before === 'nothing' ? undefined : before;
  const rules = compileRules(path === META_PATH ? META_GRANTS : record.grants, active, server.facts);
  if (rules === undefined) {
    derived.byActive[name] = 'nothing';
    return undefined;
  }
  const isWhole = isUnrestricted(rules.tools) && isUnrestricted(rules.resources) && isUnrestricted(rules.prompts);
  const decided = { tools: {}, resources: {}, prompts: {} };
  const granted: Granted = { rules, isRestricted: !isWhole, decided, count: 0 };
  derived.byActive[name] = granted;
  return granted;
}

/** Whether a tool, resource or prompt may be used; remembered for names that are no longer than names are. */
export function mayUse(granted: Granted, kind: GrantKind, name: string): boolean {
  const before = granted.decided[kind][name];
  if (before !== undefined) return before;
  const { allowed } = decideName(granted.rules[kind], name);
  if (name.length > MAX_DECIDED_LENGTH) return allowed;
  if (granted.count >= MAX_DECIDED) {
    granted.decided = { tools: {}, resources: {}, prompts: {} };
    granted.count = 0;
  }
  granted.count += 1;
  granted.decided[kind][name] = allowed;
  return allowed;
}
