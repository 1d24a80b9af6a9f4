import { burstOf, type Bucket, type ZoneOffset } from '../../../../registry/contract/gate/limits/index.ts';
import { coversPath, foldName, matchesGlob, parseGlob } from '../../../../registry/contract/gate/rules/index.ts';
import { META_PATH } from '../../../../registry/contract/gate/meta-endpoint.ts';
import type { LimitFile } from '../../../../registry/contract/gate/access-files.ts';

/** A rule that applies to an agent on a server, with the names of its counters. */
export interface AppliedRule {
  rule: LimitFile;
  bucket: Bucket | undefined;
  /** The parsed pattern of tools; undefined: it applies to every request. */
  tool: string[] | undefined;
  offsets: readonly ZoneOffset[];
  /** Counters of the rate, of the day, and of calls, streams and bodies in progress. */
  rate: string;
  day: string;
  calls: string;
  streams: string;
  bodies: string;
  /** It also applies to requests to the meta endpoint. */
  holdsForMeta: boolean;
}

/** The rules that apply to an agent on a server. */
export interface AppliedRules {
  /** Those that apply to every request. */
  all: AppliedRule[];
  /** Those for tools. */
  ofTools: AppliedRule[];
  /** The rules for tools that apply to a tool, by its name. */
  byTool: Record<string, AppliedRule[] | undefined>;
  /** How many tools are in `byTool`. */
  count: number;
}

const NONE: readonly ZoneOffset[] = [];
/** Maximum number of cached tools, and the length of a name up to which they are cached. */
const MAX_TOOLS = 512;
const MAX_NAME_LENGTH = 128;

/** Name of an agent's own counters of a rule (registry/access/limits/name-counters.ts). */
export type NameCountersOf = (this: void, id: string, agent: string) => string;

function apply(rule: LimitFile, counters: string, offsets: readonly ZoneOffset[]): AppliedRule {
  const { perSecond, tool, server } = rule;
  return {
    rule,
    bucket: perSecond === undefined ? undefined : { perSecond, burst: burstOf(perSecond, rule.burst) },
    tool: tool === undefined ? undefined : parseGlob(tool),
    offsets,
    rate: `r${counters}`,
    day: `d${counters}`,
    calls: `c${counters}`,
    streams: `s${counters}`,
    bodies: `b${counters}`,
    holdsForMeta: rule.of !== 'server' && (server === undefined || coversPath(server, META_PATH)),
  };
}

/** The caller, with the rules for it. */
export interface LimitedCaller {
  agent: string;
  limits?: readonly LimitFile[] | undefined;
  /** Offsets of the agent's time zone. */
  offsets?: readonly ZoneOffset[] | undefined;
}

/** The rules of the caller and of the server that apply. `path` undefined: no server is known yet, so only rules for all servers apply. */
export function applyRules(
  caller: LimitedCaller,
  path: string | undefined,
  ofServer: readonly LimitFile[] | undefined,
  nameCountersOf: NameCountersOf,
): AppliedRules {
  const rules: AppliedRules = { all: [], ofTools: [], byTool: {}, count: 0 };
  function add(rule: LimitFile): void {
    const { server } = rule;
    if (server !== undefined && (path === undefined || !coversPath(server, path))) return;
    const isAgents = rule.of === 'agent' || rule.perAgent === true;
    const counters = rule.perAgent === true ? nameCountersOf(rule.id, caller.agent) : rule.id;
    const offsets = (isAgents ? caller.offsets : rule.offsets) ?? NONE;
    const applied = apply(rule, counters, offsets);
    if (applied.tool === undefined) rules.all.push(applied);
    else rules.ofTools.push(applied);
  }
  for (const rule of caller.limits ?? []) add(rule);
  for (const rule of ofServer ?? []) add(rule);
  return rules;
}

/** The rules that apply to calls of a tool. Case-insensitive, since a server may be too. */
export function rulesOfTool(rules: AppliedRules, tool: string): readonly AppliedRule[] {
  const before = rules.byTool[tool];
  if (before !== undefined) return before;
  const folded = foldName(tool);
  const found: AppliedRule[] = [];
  for (const rule of rules.ofTools) if (matchesGlob(rule.tool ?? [], folded)) found.push(rule);
  if (tool.length > MAX_NAME_LENGTH) return found;
  if (rules.count >= MAX_TOOLS) {
    rules.byTool = {};
    rules.count = 0;
  }
  rules.count += 1;
  rules.byTool[tool] = found;
  return found;
}
