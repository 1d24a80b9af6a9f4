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

/** What a request asks for. */
export interface Demand {
  /** Messages of the body; 1 where there is none. */
  requests: number;
  /** Those of them that are calls. */
  calls: number;
  /** Names of the tools that are called. */
  tools: readonly string[];
  /** Streams that it opens. */
  streams: number;
  /** It is made for a request to the meta endpoint, which was counted there by every rule that holds there too. */
  isInner?: boolean;
  /** It is of a virtual server: each call is made again at the source server, where rules for all servers count it. */
  isOuter?: boolean;
}

/** What a limit is about, as answers and the log name it. */
export type LimitName =
  'requests_per_second' | 'concurrent_calls' | 'concurrent_streams' | 'calls_per_day' | 'large_bodies';

/** Why a request must wait. */
export interface Limited {
  rule: AppliedRule['rule'];
  limit: LimitName;
  value: number;
  /** When there is room again, milliseconds since 1970; undefined: when something ends that is under way. */
  resetsAtMs: number | undefined;
  /** There will never be room for so much at once. */
  isTooMuch: boolean;
}

/** Something under way that was counted. */
export interface Lease {
  name: string;
  count: number;
}

/** `leases`: what was counted as under way. `full`: no counter may be made any more, so that nothing can be let through. */
export type Charged = { leases: Lease[]; limited?: undefined } | { limited: Limited } | 'full';

interface Wanted {
  of: AppliedRule;
  requests: number;
  calls: number;
  streams: number;
  /** What the counters will be, where it is let through. */
  rate?: number;
  day?: number;
}

/** Whether a rule holds on every server, so that what is called through another one is counted by it there. */
const holdsEverywhere = ({ of, server }: LimitFile) => of !== 'server' && (server === undefined || server === '*');

function listWanted(rules: AppliedRules, demand: Demand): Wanted[] {
  const { requests, calls, tools, streams, isInner = false, isOuter = false } = demand;
  const wanted: Wanted[] = [];
  for (const of of rules.all)
    if (isInner && of.holdsForMeta) wanted.push({ of, requests: 0, calls, streams: 0 });
    else if (isOuter && holdsEverywhere(of.rule)) wanted.push({ of, requests, calls: 0, streams });
    else wanted.push({ of, requests, calls, streams });
  if (rules.ofTools.length === 0) return wanted;
  const first = wanted.length;
  for (const tool of tools)
    for (const of of rulesOfTool(rules, tool)) {
      let found: Wanted | undefined;
      // A batch may call tools that one rule is about more than once.
      if (tools.length > 1) for (let i = first; i < wanted.length; i += 1) if (wanted[i]?.of === of) found = wanted[i];
      if (found === undefined) wanted.push({ of, requests: 1, calls: 1, streams: 0 });
      else {
        found.requests += 1;
        found.calls += 1;
      }
    }
  return wanted;
}

/** Counts what requests use of rules, all rules of a request or none. */
export function createCharge(counters: Counters, inFlight: InFlight) {
  function checkRate(wanted: Wanted, nowMs: number): Limited | undefined {
    const { rule, bucket, rate } = wanted.of;
    if (bucket === undefined || wanted.requests === 0) return undefined;
    const before = counters.read(rate);
    const wait = waitMs(bucket, before, nowMs, wanted.requests);
    wanted.rate = fillAfter(bucket, before, nowMs, wanted.requests);
    if (wait === 0) return undefined;
    const isTooMuch = wanted.requests > bucket.burst;
    return { rule, limit: 'requests_per_second', value: bucket.perSecond, resetsAtMs: nowMs + wait, isTooMuch };
  }

  function checkDay(wanted: Wanted, nowMs: number): Limited | undefined {
    const { rule, offsets, day } = wanted.of;
    const value = rule.perDay;
    if (value === undefined || wanted.calls === 0) return undefined;
    const today = dayOf(offsets, nowMs);
    const used = usedToday(counters.read(day), today) + wanted.calls;
    wanted.day = packUse(today, used);
    if (used <= value) return undefined;
    const isTooMuch = wanted.calls > value;
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
    // Perhaps some of it was a worker's that is gone.
    if (inFlight.reap() && inFlight.total(name) + count <= value) return undefined;
    return { rule, limit, value, resetsAtMs: undefined, isTooMuch: count > value };
  }

  function check(wanted: Wanted, nowMs: number): Limited | undefined {
    const { of } = wanted;
    const { calls, streams } = of.rule;
    return (
      checkRate(wanted, nowMs) ??
      checkDay(wanted, nowMs) ??
      checkFlight(of, of.calls, 'concurrent_calls', calls, wanted.calls) ??
      checkFlight(of, of.streams, 'concurrent_streams', streams, wanted.streams)
    );
  }

  function giveBack(leases: readonly Lease[]): void {
    for (const { name, count } of leases) inFlight.remove(name, count);
  }

  function lease(leases: Lease[], name: string, value: number | undefined, count: number): boolean {
    if (value === undefined || count === 0) return true;
    if (!inFlight.add(name, count)) return false;
    leases.push({ name, count });
    return true;
  }

  function commit({ of, rate, day, calls, streams }: Wanted, leases: Lease[]): boolean {
    return (
      (rate === undefined || counters.write(of.rate, rate)) &&
      (day === undefined || counters.write(of.day, day)) &&
      lease(leases, of.calls, of.rule.calls, calls) &&
      lease(leases, of.streams, of.rule.streams, streams)
    );
  }

  return {
    /** Counts a request, or says why it must wait; then nothing was counted. Within `platform.locked`. */
    charge(this: void, rules: AppliedRules, demand: Demand, nowMs: number): Charged {
      const wanted = listWanted(rules, demand);
      for (const one of wanted) {
        const limited = check(one, nowMs);
        if (limited !== undefined) return { limited };
      }
      const leases: Lease[] = [];
      for (const one of wanted)
        if (!commit(one, leases)) {
          giveBack(leases);
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
        giveBack(leases);
        return limited === undefined ? 'full' : { limited };
      }
      return { leases };
    },

    /** Whether a request would have to wait by its rate now, without counting it. Within `platform.locked`. */
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
