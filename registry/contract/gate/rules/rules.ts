import type { GrantFile } from '../access-files.ts';
import { coversPath } from './glob.ts';
import { isWithinHours } from './hours.ts';
import { addSelector, createMatcher, matchName, matchPattern, type Match, type Matcher } from './matcher.ts';
import { foldName, isPlainUri } from './names.ts';

// What grants allow on a server. NGINX's gate compiles this to Lua, and the registry explains decisions by it: one code, one answer. Without
// regular expressions and without anything that bytes (Lua) and characters (Node) would decide differently.

/** What of a server can be granted. */
export type GrantKind = 'tools' | 'resources' | 'prompts';

/** What rules must know of a server. */
export interface ServerFacts {
  tags: readonly string[];
  /** Names of the tools that it lists as read-only. */
  readOnly: readonly string[];
}

/** Rules for one kind. */
export interface KindRules {
  kind: GrantKind;
  allow: Matcher;
  deny: Matcher;
  readOnly: Record<string, true | undefined>;
}

/** What the grants of an agent mean for one server. */
export type Rules = Record<GrantKind, KindRules>;

/** Longer names and URIs match no rule, so that no name takes long. */
const MAX_NAME_LENGTH = 2_048;

/** Positions of the grants that cover a path, counted from 0; empty: the agent has nothing there. */
export function listCovering(grants: readonly GrantFile[], path: string): number[] {
  const found: number[] = [];
  for (let i = 0; i < grants.length; i += 1) if (coversPath(grants[i]?.server ?? '', path)) found.push(i);
  return found;
}

/** Whether a grant holds at a moment. */
export function isActive(grant: GrantFile, nowMs: number): boolean {
  if (grant.expiresAt !== undefined && nowMs >= grant.expiresAt) return false;
  return grant.hours === undefined || isWithinHours(grant.hours, nowMs);
}

function addList(rules: KindRules, grant: GrantFile, index: number, tags: readonly string[]): void {
  for (const written of grant[rules.kind] ?? []) {
    const isExcluded = written.startsWith('!');
    const isDenied = grant.deny === true || isExcluded;
    const selector = isExcluded ? written.slice(1) : written;
    addSelector(isDenied ? rules.deny : rules.allow, { grant: index, selector }, tags, isDenied);
  }
}

function createKind(kind: GrantKind, readOnly: KindRules['readOnly']): KindRules {
  return { kind, allow: createMatcher(), deny: createMatcher(), readOnly };
}

/** The rules of the grants at these positions, added up; deny wins. */
export function compileKinds(grants: readonly GrantFile[], positions: readonly number[], facts: ServerFacts): Rules {
  const readOnly: KindRules['readOnly'] = {};
  for (const name of facts.readOnly) readOnly[name] = true;
  const rules: Rules = {
    tools: createKind('tools', readOnly),
    resources: createKind('resources', {}),
    prompts: createKind('prompts', {}),
  };
  for (const index of positions) {
    const grant = grants[index];
    if (grant === undefined) continue;
    addList(rules.tools, grant, index, facts.tags);
    addList(rules.resources, grant, index, facts.tags);
    addList(rules.prompts, grant, index, facts.tags);
  }
  return rules;
}

/** The same; undefined: they allow nothing at all on the server, so that nobody may even connect to it. */
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

/** Whether everything of a kind is allowed, whatever its name. */
export function isUnrestricted({ allow, deny }: KindRules): boolean {
  return allow.all !== undefined && deny.isEmpty;
}

/** What decided about a name, and how. No match: nothing allows it. */
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
