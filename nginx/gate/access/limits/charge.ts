import {
  dayOf,
  endOfDay,
  fillAfter,
  packUse,
  usedToday,
  waitMs,
} from '../../../../registry/contract/gate/limits/index.ts';
import type { LimitFile } from '../../../../registry/contract/gate/access-files.ts';
import { rulesOfTool, type AppliedRule, type AppliedRules } from './applied-rules.ts';
import type { Counters } from './counters.ts';
import type { InFlight } from './in-flight.ts';

/** What a request uses of limits. */
export interface Demand {
  /** Messages of the body; 1 without a body. */
  requests: number;
  /** Those of them that are calls. */
  calls: number;
  /** Names of the tools that are called. */
  tools: readonly string[];
  /** Streams that it opens. */
  streams: number;
  /** It is made for a request to the meta endpoint, which every rule that also applies there has already counted. */
  isInner?: boolean;
  /** It is to a virtual server: each call is made again to the source server, where rules for all servers count it. */
  isOuter?: boolean;
}

/** The kind of a limit, as responses and the log name it. */
export type LimitName =
  'requests_per_second' | 'concurrent_calls' | 'concurrent_streams' | 'calls_per_day' | 'large_bodies';

/** Why a request must wait. */
export interface Limited {
  rule: AppliedRule['rule'];
  limit: LimitName;
  value: number;
  /** When the request can be made, in milliseconds since 1970; undefined: when one in progress ends. */
  resetsAtMs: number | undefined;
  /** It exceeds what the limit ever allows at once. */
  isTooMuch: boolean;
}

/** What was counted as in progress. */
export interface Lease {
  name: string;
  count: number;
}

/** `leases`: what was counted as in progress. `full`: no more counters can be created, so no request may pass. */
export type Charged = { leases: Lease[]; limited?: undefined } | { limited: Limited } | 'full';

/** What a request uses of one rule. */
interface Need {
  of: AppliedRule;
  requests: number;
  calls: number;
  streams: number;
  /** The values of the counters if it passes. */
  rate?: number;
  day?: number;
}

/** Whether a rule applies on every server, so that it counts what is called through another server there. */
const holdsEverywhere = ({ of, server }: LimitFile) => of !== 'server' && (server === undefined || server === '*');

function listNeeds(rules: AppliedRules, demand: Demand): Need[] {
  const { requests, calls, tools, streams, isInner = false, isOuter = false } = demand;
  const needs: Need[] = [];
  for (const of of rules.all)
    if (isInner && of.holdsForMeta) needs.push({ of, requests: 0, calls, streams: 0 });
    else if (isOuter && holdsEverywhere(of.rule)) needs.push({ of, requests, calls: 0, streams });
    else needs.push({ of, requests, calls, streams });
  if (rules.ofTools.length === 0) return needs;
  const first = needs.length;
  for (const tool of tools)
    for (const of of rulesOfTool(rules, tool)) {
      let found: Need | undefined;
      // A batch may call tools of the same rule more than once.
      if (tools.length > 1) for (let i = first; i < needs.length; i += 1) if (needs[i]?.of === of) found = needs[i];
      if (found === undefined) needs.push({ of, requests: 1, calls: 1, streams: 0 });
      else {
        found.requests += 1;
        found.calls += 1;
      }
    }
  return needs;
}

/** Counts what requests use: for all rules of a request, or for none. */
export function createCharge(counters: Counters, inFlight: InFlight) {
  function checkRate(need: Need, nowMs: number): Limited | undefined {
    const { rule, bucket, rate } = need.of;
    if (bucket === undefined || need.requests === 0) return undefined;
    const before = counters.read(rate);
    const wait = waitMs(bucket, before, nowMs, need.requests);
    need.rate = fillAfter(bucket, before, nowMs, need.requests);
    if (wait === 0) return undefined;
    const isTooMuch = need.requests > bucket.burst;
    return { rule, limit: 'requests_per_second', value: bucket.perSecond, resetsAtMs: nowMs + wait, isTooMuch };
  }

  function checkDay(need: Need, nowMs: number): Limited | undefined {
    const { rule, offsets, day } = need.of;
    const value = rule.perDay;
    if (value === undefined || need.calls === 0) return undefined;
    const today = dayOf(offsets, nowMs);
    const used = usedToday(counters.read(day), today) + need.calls;
    need.day = packUse(today, used);
    if (used <= value) return undefined;
    const isTooMuch = need.calls > value;
    return { rule, limit: 'calls_per_day', value, resetsAtMs: endOfDay(offsets, nowMs), isTooMuch };
  }

  function checkFlight(
    { rule }: AppliedRule,
    name: string,
    limit: LimitName,
    value: number | undefined,
    count: number,
  ): Limited | undefined {
    if (value === undefined || count === 0) return undefined;
    if (inFlight.total(name) + count <= value) return undefined;
    // Some of it may be from a worker that no longer runs.
    if (inFlight.reap() && inFlight.total(name) + count <= value) return undefined;
    return { rule, limit, value, resetsAtMs: undefined, isTooMuch: count > value };
  }

  function check(need: Need, nowMs: number): Limited | undefined {
    const { of } = need;
    const { calls, streams } = of.rule;
    return (
      checkRate(need, nowMs) ??
      checkDay(need, nowMs) ??
      checkFlight(of, of.calls, 'concurrent_calls', calls, need.calls) ??
      checkFlight(of, of.streams, 'concurrent_streams', streams, need.streams)
    );
  }

  function release(leases: readonly Lease[]): void {
    for (const { name, count } of leases) inFlight.remove(name, count);
  }

  function lease(leases: Lease[], name: string, value: number | undefined, count: number): boolean {
    if (value === undefined || count === 0) return true;
    if (!inFlight.add(name, count)) return false;
    leases.push({ name, count });
    return true;
  }

  function commit({ of, rate, day, calls, streams }: Need, leases: Lease[]): boolean {
    return (
      (rate === undefined || counters.write(of.rate, rate)) &&
      (day === undefined || counters.write(of.day, day)) &&
      lease(leases, of.calls, of.rule.calls, calls) &&
      lease(leases, of.streams, of.rule.streams, streams)
    );
  }

  return {
    /** Counts a request, or returns why it must wait; then nothing was counted. Within `platform.locked`. */
    charge(this: void, rules: AppliedRules, demand: Demand, nowMs: number): Charged {
      const needs = listNeeds(rules, demand);
      for (const need of needs) {
        const limited = check(need, nowMs);
        if (limited !== undefined) return { limited };
      }
      const leases: Lease[] = [];
      for (const need of needs)
        if (!commit(need, leases)) {
          release(leases);
          return 'full';
        }
      return { leases };
    },

    /** Counts a large body that is about to be read. Within `platform.locked`. */
    admitBody(this: void, rules: AppliedRules): Charged {
      const leases: Lease[] = [];
      for (const of of rules.all) {
        const limited = checkFlight(of, of.bodies, 'large_bodies', of.rule.largeBodies, 1);
        if (limited === undefined && lease(leases, of.bodies, of.rule.largeBodies, 1)) continue;
        release(leases);
        return limited === undefined ? 'full' : { limited };
      }
      return { leases };
    },

    /** Whether a request would now have to wait because of its rate, without counting it. Within `platform.locked`. */
    peek(this: void, rules: AppliedRules, nowMs: number): Limited | undefined {
      for (const of of rules.all) {
        const limited = checkRate({ of, requests: 1, calls: 0, streams: 0 }, nowMs);
        if (limited !== undefined) return limited;
      }
      return undefined;
    },
  };
}

export type Charge = ReturnType<typeof createCharge>;
