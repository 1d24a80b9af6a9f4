import type { LimitFile } from '../../../registry/contract/gate/access-files.ts';
import { applyRules } from '../access/limits/applied-rules.ts';
import { createCharge, type Charged, type Lease } from '../access/limits/charge.ts';
import { createCounters } from '../access/limits/counters.ts';
import { createInFlight } from '../access/limits/in-flight.ts';
import { createFakeDictionary } from '../access/limits/test/fake-dictionary.ts';

const OF_AGENT: LimitFile[] = [
  { id: 'a', of: 'agent', name: 'ann', perSecond: 2, burst: 6, calls: 4, streams: 2, largeBodies: 1 },
  { id: 'b', of: 'group', name: 'guests', perAgent: true, perDay: 9 },
  { id: 'c', of: 'agent', name: 'ann', server: 'team/*', tool: 'send_*', perDay: 3 },
];
const OF_SERVER: LimitFile[] = [
  { id: 'd', of: 'server', name: 'team/search', calls: 3, largeBodies: 2, perSecond: 1, burst: 14 },
];
const OFFSETS = [
  { from: 0, minutes: 60 },
  { from: 28_333_340, minutes: 840 },
];
const START_MS = 1_700_000_000_000;
/** Small enough that some sequences find the dictionary full. */
const ROOM = 14;

function show(charged: Charged, leases: Lease[]): string {
  if (charged === 'full') return 'full';
  const { limited } = charged;
  if (limited === undefined) {
    for (const lease of charged.leases) leases.push(lease);
    return `${charged.leases.length}`;
  }
  const { rule, limit, value, resetsAtMs, isTooMuch } = limited;
  return `${rule.id} ${limit} ${value} ${resetsAtMs === undefined ? '-' : Math.floor(resetsAtMs)} ${isTooMuch}`;
}

/** Charges the demands that the words of a text describe, one after the other, and returns the results as text. */
export function chargeWords(text: string): string {
  const dictionary = createFakeDictionary(ROOM);
  const counters = createCounters(dictionary, '#place');
  const inFlight = createInFlight(dictionary, { isAlive: () => true, workerId: () => 7 });
  inFlight.join();
  const { charge, admitBody, peek } = createCharge(counters, inFlight);
  const caller = { agent: 'ann', limits: OF_AGENT, offsets: OFFSETS };
  const rules = applyRules(caller, 'team/search', OF_SERVER, (id, agent) => `${id}-${agent}`);
  const leases: Lease[] = [];
  const shown: string[] = [];
  let nowMs = START_MS;
  for (const word of text.split(' ')) {
    let result = '';
    if (word === 'tick') nowMs += 700;
    else if (word === 'night') nowMs += 40_000_000;
    else if (word === 'body') result = show(admitBody(rules), leases);
    else if (word === 'peek') result = peek(rules, nowMs) === undefined ? 'free' : 'wait';
    else if (word === 'end') {
      const ended = leases.shift();
      if (ended !== undefined) inFlight.remove(ended.name, ended.count);
    } else {
      const tools = word.split(',');
      const demand = { requests: tools.length, calls: tools.length, tools, streams: word === 'stream' ? 1 : 0 };
      result = show(charge(rules, { ...demand, isInner: word === 'inner' }, nowMs), leases);
    }
    shown.push(result);
  }
  return shown.join(';');
}
