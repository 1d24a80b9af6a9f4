import type { GrantFile } from '../access-files.ts';
import { coversPath } from './glob.ts';
import { isWithinHours } from './hours.ts';
import { addSelector, matchName, matchPattern, NO_SELECTORS, type Match, type Matcher } from './matcher.ts';
import { foldName, isPlainUri } from './names.ts';

// What grants allow on a server. It is compiled to Lua for NGINX's gate, and the registry explains decisions with it: same code, same result.
// It has no regular expressions and nothing that bytes (Lua) and characters (Node) would decide differently.

/** The kinds of items of a server that can be granted. */
export type GrantKind = 'tools' | 'resources' | 'prompts';

/** What rules need to know about a server. */
export interface ServerFacts {
  tags: readonly string[];
  /** The tools that it lists as read-only, by name (see `indexNames`). */
  readOnly: Names;
}

/** A set of names. Lua has no other set type, and all keys of a server share it. */
export type Names = Readonly<Record<string, true | undefined>>;

/** The set of some names. */
export function indexNames(names: readonly string[]): Names {
  const index: Record<string, true | undefined> = {};
  for (const name of names) index[name] = true;
  return index;
}

/** Rules for one kind. */
export interface KindRules {
  readonly kind: GrantKind;
  readonly allow: Readonly<Matcher>;
  readonly deny: Readonly<Matcher>;
  readonly readOnly: Names;
}

/** What the grants of an agent mean for one server. */
export type Rules = Record<GrantKind, KindRules>;

/** Longer names and URIs match no rule, so that the time for a name is bounded. */
const MAX_NAME_LENGTH = 2_048;

/** Positions of the grants that cover a path, counted from 0; empty: the agent has no grant there. */
export function listCovering(grants: readonly GrantFile[], path: string): number[] {
  const found: number[] = [];
  for (let i = 0; i < grants.length; i += 1) if (coversPath(grants[i]?.server ?? '', path)) found.push(i);
  return found;
}

/** Whether a grant is in force at a moment. */
export function isActive(grant: GrantFile, nowMs: number): boolean {
  if (grant.expiresAt !== undefined && nowMs >= grant.expiresAt) return false;
  return grant.hours === undefined || isWithinHours(grant.hours, nowMs);
}

const createNothing = (kind: GrantKind): KindRules => ({ kind, allow: NO_SELECTORS, deny: NO_SELECTORS, readOnly: {} });

/** Rules of kinds without grants, shared: the gate holds rules of thousands of keys. */
const NOTHING: Rules = {
  tools: createNothing('tools'),
  resources: createNothing('resources'),
  prompts: createNothing('prompts'),
};

function compileKind(
  kind: GrantKind,
  grants: readonly GrantFile[],
  positions: readonly number[],
  facts: ServerFacts,
): KindRules {
  // Created before the loop: where a loop creates a table in each iteration, LuaJIT before 2023 (Debian 12) may read its `false` as the `true` of
  // the iteration before.
  const allow: Matcher = { isEmpty: true };
  const deny: Matcher = { isEmpty: true };
  for (const index of positions) {
    const grant = grants[index];
    for (const written of grant?.[kind] ?? []) {
      const isExcluded = written.startsWith('!');
      const match = { grant: index, selector: isExcluded ? written.slice(1) : written };
      if (isExcluded || grant?.deny === true) addSelector(deny, match, facts.tags, true);
      else addSelector(allow, match, facts.tags, false);
    }
  }
  if (allow.isEmpty && deny.isEmpty) return NOTHING[kind];
  return {
    kind,
    allow: allow.isEmpty ? NO_SELECTORS : allow,
    deny: deny.isEmpty ? NO_SELECTORS : deny,
    readOnly: kind === 'tools' ? facts.readOnly : NOTHING[kind].readOnly,
  };
}

/** The rules of the grants at these positions, combined; deny takes precedence. */
export function compileKinds(grants: readonly GrantFile[], positions: readonly number[], facts: ServerFacts): Rules {
  return {
    tools: compileKind('tools', grants, positions, facts),
    resources: compileKind('resources', grants, positions, facts),
    prompts: compileKind('prompts', grants, positions, facts),
  };
}

/** The same; undefined: they allow nothing at all on the server, so the agent may not even connect to it. */
export function compileRules(
  grants: readonly GrantFile[],
  positions: readonly number[],
  facts: ServerFacts,
): Rules | undefined {
  const rules = compileKinds(grants, positions, facts);
  const isNothing = isClosed(rules.tools) && isClosed(rules.resources) && isClosed(rules.prompts);
  return isNothing ? undefined : rules;
}

/** Whether nothing of a kind is allowed. */
function isClosed({ allow, deny }: KindRules): boolean {
  return allow.isEmpty || deny.all !== undefined;
}

/** Whether everything of a kind is allowed, regardless of its name. */
export function isUnrestricted({ allow, deny }: KindRules): boolean {
  return allow.all !== undefined && deny.isEmpty;
}

/** The decision about a name, and the selector that made it. No match: nothing allows it. */
export interface Decision {
  allowed: boolean;
  match: Match | undefined;
  /** The name cannot be compared with the patterns, so it is refused. */
  isUnclear: boolean;
}

function refuse(match: Match | undefined, isUnclear = false): Decision {
  return { allowed: false, match, isUnclear };
}

function isReadOnly(rules: KindRules, name: string): boolean {
  return rules.readOnly[name] === true;
}

function findDenial({ deny, ...rules }: KindRules, name: string): Match | undefined {
  if (deny.isEmpty) return undefined;
  const folded = foldName(name);
  const byAnnotation = rules.readOnly[name] === true ? deny.readOnly : undefined;
  return deny.all ?? matchName(deny, folded) ?? byAnnotation ?? matchPattern(deny, folded);
}

/** Whether a tool, resource or prompt may be used, and which rule decided. */
export function decideName(rules: KindRules, name: string): Decision {
  if (isUnrestricted(rules)) return { allowed: true, match: rules.allow.all, isUnclear: false };
  if (name.length > MAX_NAME_LENGTH) return refuse(undefined, true);
  const isComparable = rules.kind !== 'resources' || isPlainUri(name);
  if (!isComparable && !rules.deny.isEmpty) return refuse(undefined, true);
  const denial = findDenial(rules, name);
  if (denial !== undefined) return refuse(denial);
  const { allow } = rules;
  const exact = allow.all ?? matchName(allow, name);
  const match = exact ?? (isReadOnly(rules, name) ? allow.readOnly : undefined);
  if (match !== undefined) return { allowed: true, match, isUnclear: false };
  const pattern = isComparable ? matchPattern(allow, name) : undefined;
  return pattern === undefined ? refuse(undefined, !isComparable) : { allowed: true, match: pattern, isUnclear: false };
}
