import type { Refusal } from '../../answers/refusal.ts';
import type { LimitFile } from '../../../../registry/contract/gate/access-files.ts';
import type { Limited, LimitName } from './charge.ts';

const MEMBERS: Record<LimitName, string> = {
  requests_per_second: 'requestsPerSecond',
  concurrent_calls: 'concurrentCalls',
  concurrent_streams: 'concurrentStreams',
  calls_per_day: 'callsPerDay',
  large_bodies: 'largeBodies',
};

const WORDS: Record<LimitName, string> = {
  requests_per_second: 'requests a second',
  concurrent_calls: 'calls at once',
  concurrent_streams: 'open streams at once',
  calls_per_day: 'calls a day',
  large_bodies: 'large bodies at once',
};

/** When it is unknown when a request in progress ends. */
const RETRY_S = 1;

function describeScope({ of, name, server, tool, perAgent }: LimitFile): string {
  const owner = perAgent === true ? `each agent of the ${of} ${name}` : `the ${of} ${name}`;
  const tools = tool === undefined ? '' : ` of ${tool}`;
  return server === undefined ? `${owner} is limited${tools}` : `${owner} is limited${tools} on ${server}`;
}

/** The refusal of a request that exceeds a limit. */
export function refuseLimited({ rule, limit, value, resetsAtMs, isTooMuch }: Limited, nowMs: number): Refusal {
  const retryAfterS = resetsAtMs === undefined ? RETRY_S : Math.max(1, Math.ceil((resetsAtMs - nowMs) / 1000));
  const burst = rule.burst === undefined || limit !== 'requests_per_second' ? '' : `, ${rule.burst} at once`;
  const wait = resetsAtMs === undefined ? 'wait until one of them has ended' : 'wait for the time in Retry-After';
  return {
    answer: 'limited',
    reason: `${rule.of}_${limit}`,
    message: `${describeScope(rule)} to ${value} ${WORDS[limit]}${burst}`,
    hint: isTooMuch ? 'this is more at once than the limit ever allows: send smaller batches' : wait,
    retryAfterS,
    limit: {
      name: MEMBERS[limit],
      of: rule.of,
      owner: rule.name,
      server: rule.server,
      tool: rule.tool,
      value,
      resetsAtMs,
    },
  };
}

/** The refusal when no counter can be created: a call that cannot be counted does not pass. */
export function refuseUncounted(): Refusal {
  return {
    answer: 'unavailable',
    reason: 'counters_full',
    message: 'the gateway cannot count this call',
    hint: 'the operator of this gateway finds the reason in error.log',
  };
}
