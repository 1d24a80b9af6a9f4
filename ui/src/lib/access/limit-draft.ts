import type { LimitRule } from '@mcpgw/registry/contract';
import { formatCount } from '../format/format.ts';

/** What a rule may limit, with the labels of the form. */
export const AMOUNTS = [
  { name: 'requestsPerSecond', label: 'Requests per second', step: 'any' },
  { name: 'burst', label: 'Burst', step: '1' },
  { name: 'concurrentCalls', label: 'Concurrent calls', step: '1' },
  { name: 'concurrentStreams', label: 'Concurrent streams', step: '1' },
  { name: 'callsPerDay', label: 'Calls per day', step: '1' },
  { name: 'largeBodies', label: 'Concurrent large bodies', step: '1' },
] as const;
export type AmountName = (typeof AMOUNTS)[number]['name'];

/** A rule while it is edited; an amount that is not limited is null. */
export interface LimitDraft {
  /** For keyed lists only. */
  id: number;
  server: string;
  tool: string;
  perAgent: boolean;
  amounts: Record<AmountName, number | null>;
}

let nextId = 1;

/** A stored rule as a draft; without one, an empty draft. */
export function toLimitDraft(rule: LimitRule = {}): LimitDraft {
  const amounts = Object.fromEntries(AMOUNTS.map(({ name }) => [name, rule[name] ?? null]));
  return {
    id: nextId++,
    server: rule.server ?? '',
    tool: rule.tool ?? '',
    perAgent: rule.perAgent === true,
    amounts: amounts as LimitDraft['amounts'],
  };
}

/** A draft in the format of the API. */
export function toLimitRule({ server, tool, perAgent, amounts }: LimitDraft): LimitRule {
  const set = AMOUNTS.flatMap(({ name }) => {
    const amount = amounts[name];
    return amount === null ? [] : [[name, amount] as const];
  });
  return {
    ...(server.trim() !== '' && { server: server.trim().replace(/^\/+/, '') }),
    ...(tool.trim() !== '' && { tool: tool.trim() }),
    ...(perAgent && { perAgent: true as const }),
    ...(Object.fromEntries(set) as LimitRule),
  };
}

/** "calls of send_* on weather, per agent": what a rule applies to. */
export function describeScope({ server, tool, perAgent }: Pick<LimitRule, 'server' | 'tool' | 'perAgent'>): string {
  const what = tool === undefined ? 'everything' : `calls of ${tool}`;
  const where = server === undefined ? '' : ` on ${server}`;
  return `${what}${where}${perAgent === true ? ', per agent' : ''}`;
}

/** "20 requests per second (burst 40), 10,000 calls per day". */
export function describeAmounts(rule: LimitRule): string {
  return AMOUNTS.flatMap(({ name, label }) => {
    const amount = rule[name];
    if (amount === undefined || name === 'burst') return [];
    const burst = name === 'requestsPerSecond' && rule.burst !== undefined ? ` (burst ${formatCount(rule.burst)})` : '';
    return [`${formatCount(amount)} ${label.toLowerCase()}${burst}`];
  }).join(', ');
}
