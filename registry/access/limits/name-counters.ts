import { createHash } from 'node:crypto';
import type { LimitRule } from '../../contract/index.ts';
import type { LimitTarget } from '../../store/index.ts';

/** Length of a counter name: half a SHA-256 in hex. */
const LENGTH = 32;

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, LENGTH);
}

/** Name of the counters of a rule. It does not depend on the amounts, so that a change of them does not reset usage. */
export function nameCounters({ scope, target }: LimitTarget, { server, tool, perAgent }: LimitRule): string {
  return digest(JSON.stringify([scope, target, server ?? null, tool ?? null, perAgent ?? false]));
}

/** Name of one agent's counters of a rule that counts each agent by itself; the gate derives it likewise (nginx/gate/access/limits/). */
export function nameCountersOf(id: string, agent: string): string {
  return digest(`${id} ${agent}`);
}
