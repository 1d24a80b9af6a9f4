import type { LimitRule } from '@mcpgw/registry/contract';
import { expect, it } from 'vitest';
import { describeAmounts, describeScope, toLimitDraft, toLimitRule } from './limit-draft.ts';

const rules: LimitRule[] = [
  { requestsPerSecond: 0.5, burst: 40, concurrentCalls: 0, concurrentStreams: 4, callsPerDay: 10_000 },
  { server: 'team/*', tool: 'send_*', callsPerDay: 100 },
  { perAgent: true, largeBodies: 1 },
];

it.each(rules)('converts a rule to a draft and back', (rule) => {
  expect(toLimitRule(toLimitDraft(rule))).toEqual(rule);
});

it('limits nothing in an empty draft', () => {
  expect(toLimitRule(toLimitDraft())).toEqual({});
});

it('describes a rule', () => {
  expect(describeScope({ server: 'weather', tool: 'send_*', perAgent: true })).toBe(
    'calls of send_* on weather, per agent',
  );
  expect(describeScope({})).toBe('everything');
  expect(describeAmounts({ requestsPerSecond: 20, burst: 40, callsPerDay: 100 })).toBe(
    '20 requests per second (burst 40), 100 calls per day',
  );
});
