import { expect, test } from 'vitest';
import './test/in-node.ts';
import type { LimitFile } from '../../../../registry/contract/gate/access-files.ts';
import { applyRules } from './applied-rules.ts';
import { createCharge, type Charged, type Demand } from './charge.ts';
import { createCounters } from './counters.ts';
import { createInFlight } from './in-flight.ts';
import { createFakeDictionary } from './test/fake-dictionary.ts';

const NOW_MS = Date.UTC(2026, 10, 30, 12);

function prepare(limits: Partial<LimitFile>[], room = 1_000) {
  const dictionary = createFakeDictionary(room);
  const counters = createCounters(dictionary, '#place');
  const inFlight = createInFlight(dictionary, { isAlive: () => true, workerId: () => 1 });
  inFlight.join();
  const complete = limits.map((limit, n): LimitFile => ({ id: `rule${n}`, of: 'agent', name: 'ann', ...limit }));
  const caller = { agent: 'ann', limits: complete, offsets: undefined };
  const rules = applyRules(caller, 'team/search', undefined, (id, agent) => `${id}-${agent}`);
  const { charge, admitBody, peek } = createCharge(counters, inFlight);
  const request = (demand: Partial<Demand> = {}, nowMs = NOW_MS) =>
    charge(rules, { requests: 1, calls: 1, tools: ['look'], streams: 0, ...demand }, nowMs);
  return {
    dictionary,
    counters,
    inFlight,
    rules,
    request,
    admitBody: () => admitBody(rules),
    peek: () => peek(rules, NOW_MS),
  };
}

const limitOf = (charged: Charged) => (charged === 'full' ? 'full' : charged.limited?.limit);

test('a request that one rule stops does not count for other rules', () => {
  const { request, counters, inFlight } = prepare([
    { perDay: 5, calls: 9 },
    { tool: 'look', perSecond: 0.001, burst: 1 },
  ]);
  expect(limitOf(request())).toBeUndefined();
  const day = counters.read('drule0');
  for (let n = 0; n < 3; n += 1) expect(limitOf(request())).toBe('requests_per_second');
  expect(counters.read('drule0')).toBe(day);
  expect(inFlight.total('crule0')).toBe(1);
  expect(limitOf(request({ tools: ['other'] }))).toBeUndefined();
});

test('calls in progress are released, and each message of a batch counts', () => {
  const { request, inFlight } = prepare([{ calls: 3 }]);
  const first = request({ requests: 2, calls: 2, tools: ['look', 'look'] });
  expect(limitOf(request({ calls: 2 }))).toBe('concurrent_calls');
  expect(request({ calls: 4 })).toMatchObject({ limited: { isTooMuch: true } });
  for (const { name, count } of (first as { leases: { name: string; count: number }[] }).leases)
    inFlight.remove(name, count);
  expect(inFlight.total('crule0')).toBe(0);
  expect(limitOf(request({ calls: 3 }))).toBeUndefined();
});

test('a call by the bridge was counted as a request at the meta endpoint and counts as a call where it arrives', () => {
  const { request, counters, inFlight } = prepare([
    { perSecond: 0.001, burst: 2, perDay: 10, calls: 5, streams: 1 },
    { server: 'team/*', perSecond: 0.001, burst: 1 },
  ]);
  // As the gate counts the request to the meta endpoint itself: not a call yet.
  expect(limitOf(request({ calls: 0, tools: [] }, NOW_MS - 2_000_000))).toBeUndefined();
  const rate = counters.read('rrule0');
  expect(limitOf(request({ isInner: true }))).toBeUndefined();
  expect(counters.read('rrule0')).toBe(rate);
  expect(inFlight.total('crule0')).toBe(1);
  // A rule for this server alone has not counted it before.
  expect(limitOf(request({ isInner: true }))).toBe('requests_per_second');
  expect(limitOf(request({ isInner: true, requests: 0, calls: 0, tools: [], streams: 1 }))).toBeUndefined();
  expect(inFlight.total('srule0')).toBe(0);
});

test('rules for all servers count a virtual call at its source server, rules for the virtual server here', () => {
  const { request, inFlight } = prepare([{ calls: 1 }, { server: 'team/*', calls: 5 }, { of: 'server', calls: 5 }]);
  expect(limitOf(request({ isOuter: true }))).toBeUndefined();
  expect(['crule0', 'crule1', 'crule2'].map((name) => inFlight.total(name))).toEqual([0, 1, 1]);
  expect(limitOf(request({ isInner: true }))).toBeUndefined();
  expect(inFlight.total('crule0')).toBe(1);
});

test('if the dictionary is full, nothing remains counted as in progress', () => {
  for (const refused of ['brule1|1', 'crule1|1', 'srule1|1']) {
    const rule = { calls: 9, streams: 9, largeBodies: 9 };
    const { dictionary, request, admitBody, inFlight } = prepare([rule, rule]);
    dictionary.refuses = (name) => name === refused;
    expect(refused.startsWith('b') ? admitBody() : request({ streams: 1 })).toBe('full');
    for (const name of ['c', 's', 'b']) expect(inFlight.total(`${name}rule0`), refused).toBe(0);
  }
});

test('a large body that a later rule stops is released from the earlier ones', () => {
  const { admitBody, inFlight } = prepare([{ largeBodies: 5 }, { largeBodies: 1 }]);
  expect(limitOf(admitBody())).toBeUndefined();
  expect(limitOf(admitBody())).toBe('large_bodies');
  expect([inFlight.total('brule0'), inFlight.total('brule1')]).toEqual([1, 1]);
});

test('peeking counts nothing', () => {
  const { request, peek, counters } = prepare([{ perSecond: 0.001, burst: 1 }]);
  expect(peek()).toBeUndefined();
  expect(counters.read('rrule0')).toBeUndefined();
  request();
  expect(peek()).toMatchObject({ limit: 'requests_per_second' });
});
