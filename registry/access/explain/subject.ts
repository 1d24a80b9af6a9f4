import {
  compileKinds,
  compileRules,
  coversPath,
  decideName,
  indexNames,
  isActive,
  listCovering,
  type Explanation,
  type GrantFile,
  type GrantKind,
  type Rules,
} from '../../contract/index.ts';
import type { StoredAgent, StoredKey } from '../../store/index.ts';
import { compileGrants } from '../grants/compile-grants.ts';
import { listGrants, type GroupsByName, type HeldGrant } from '../grants/list-grants.ts';
import type { ToolFacts } from '../files/access-contents.ts';

/** An agent with all its grants, as the gate reads them. */
export interface Subject {
  held: readonly HeldGrant[];
  compiled: readonly GrantFile[];
  /** Patterns of the servers that its key is limited to; null: none. */
  keyServers: readonly string[] | null;
}

/** A server, as far as grants depend on it. */
export interface Place {
  path: string;
  tags: readonly string[];
  facts: ToolFacts;
}

/** An item that can be requested: kind and name. */
export interface Item {
  kind: GrantKind;
  name: string;
}

/** Creates the subject that the gate decides about. `key`: the one that the agent calls with. */
export function createSubject(
  agent: Pick<StoredAgent, 'grants' | 'groups'>,
  groups: GroupsByName,
  key: Pick<StoredKey, 'servers'> | null = null,
): Subject {
  const held = listGrants(agent, groups);
  const grants = held.map(({ grant }) => grant);
  const compiled = compileGrants(grants, new Date().getUTCFullYear());
  return { held, compiled, keyServers: key?.servers ?? null };
}

/** When grants are judged: hours at the time of the call, expiry at the time of judging, since an expired grant helps no later call. */
export interface Moment {
  callMs: number;
  expiryMs: number;
}

function isInForce(grant: GrantFile, { callMs, expiryMs }: Moment): boolean {
  return isActive({ ...grant, expiresAt: undefined }, callMs) && isActive({ ...grant, hours: undefined }, expiryMs);
}

/** Which of a subject's grants cover a server, and which of those are in force. */
function listActive(subject: Subject, place: Place, moment: Moment): { covering: number[]; active: number[] } {
  const { keyServers } = subject;
  const isWithinKey = keyServers === null || keyServers.some((pattern) => coversPath(pattern, place.path));
  const covering = isWithinKey ? listCovering(subject.compiled, place.path) : [];
  const active = covering.filter((position) => {
    const grant = subject.compiled[position];
    return grant !== undefined && isInForce(grant, moment);
  });
  return { covering, active };
}

const factsOf = (place: Place) => ({ tags: place.tags, readOnly: indexNames(place.facts.readOnly) });

/** The rules by which the gate decides about a server; undefined: the agent may not connect to it. */
export function rulesOn(subject: Subject, place: Place, moment: Moment): Rules | undefined {
  return compileRules(subject.compiled, listActive(subject, place, moment).active, factsOf(place));
}

/** A decision by grants. */
export interface GrantDecision {
  allowed: boolean;
  rule: Explanation['rule'];
  notInForce: Explanation['notInForce'];
  /** The name is not a plain URI, so no pattern is compared with it. */
  isUnclear: boolean;
  /** The agent may connect to the server at all. */
  connects: boolean;
}

/** Decides by the grants of a subject about an item, or about connecting (null). */
export function decideByGrants(subject: Subject, place: Place, item: Item | null, atMs: number): GrantDecision {
  const { covering, active } = listActive(subject, place, { callMs: atMs, expiryMs: atMs });
  const rules = compileRules(subject.compiled, active, factsOf(place));
  const toPlace = (position: number) => {
    const held = subject.held[position];
    return held === undefined ? [] : [{ group: held.group, position: held.position, grant: held.grant }];
  };
  const notInForce = covering
    .filter((position) => !active.includes(position))
    .flatMap((position) =>
      toPlace(position).map((found) => {
        const end = subject.compiled[position]?.expiresAt;
        return { ...found, why: end !== undefined && end <= atMs ? ('expired' as const) : ('outside_hours' as const) };
      }),
    );
  if (item === null) {
    // Any grant that allows something lets it connect; the first one is reported, or the denial if there is none.
    const wanted = rules !== undefined;
    const position = active.find((one) => (subject.compiled[one]?.deny === undefined) === wanted);
    const rule = position === undefined ? undefined : toPlace(position)[0];
    return {
      allowed: wanted,
      rule: rule === undefined ? null : { ...rule, selector: null },
      notInForce,
      isUnclear: false,
      connects: wanted,
    };
  }
  const kinds = compileKinds(subject.compiled, active, factsOf(place));
  const { allowed, match, isUnclear } = decideName(kinds[item.kind], item.name);
  const [found] = match === undefined ? [] : toPlace(match.grant);
  const rule = found === undefined || match === undefined ? null : { ...found, selector: match.selector };
  return { allowed: allowed && rules !== undefined, rule, notInForce, isUnclear, connects: rules !== undefined };
}
