import { expect, test } from 'vitest';
import type { LimitFile } from '../../../../registry/contract/gate/access-files.ts';
import { applyRules, rulesOfTool } from './applied-rules.ts';

const rule = (id: string, more: Partial<LimitFile> = {}): LimitFile => ({ id, of: 'agent', name: 'ann', ...more });
const zone = [{ from: 0, minutes: 60 }];
const apply = (limits: LimitFile[], path: string | undefined, ofServer: LimitFile[] = []) =>
  applyRules({ agent: 'ann', limits, offsets: zone }, path, ofServer, (id, agent) => `${id}-${agent}`);
const ids = (rules: readonly { rule: LimitFile }[]) => rules.map((applied) => applied.rule.id);

test('a rule applies where its server pattern matches; without a known server only rules for all servers apply', () => {
  const limits = [rule('all'), rule('team', { server: 'team/*' }), rule('one', { server: 'weather' })];
  expect(ids(apply(limits, 'team/search').all)).toEqual(['all', 'team']);
  expect(ids(apply(limits, 'weather').all)).toEqual(['all', 'one']);
  expect(ids(apply(limits, undefined).all)).toEqual(['all']);
});

test('rules that count per agent have counters and days of the agent', () => {
  const server = [rule('s', { of: 'server', perAgent: true }), rule('t', { of: 'server', offsets: [] })];
  const [own, shared] = apply([], 'weather', server).all;
  expect([own?.rate, own?.offsets]).toEqual(['rs-ann', zone]);
  expect([shared?.rate, shared?.offsets]).toEqual(['rt', []]);
});

test('marks the rules that also apply to requests to the meta endpoint', () => {
  const limits = [rule('all'), rule('star', { server: '*' }), rule('team', { server: 'team/*' })];
  const found = apply(limits, 'team/search', [rule('s', { of: 'server' })]).all;
  expect(found.map((applied) => [applied.rule.id, applied.holdsForMeta])).toEqual([
    ['all', true],
    ['star', true],
    ['team', false],
    ['s', false],
  ]);
});

test('rules for tools match case-insensitively, and many names do not leak memory', () => {
  const rules = apply([rule('send', { tool: 'send_*' })], 'weather');
  expect(ids(rulesOfTool(rules, 'SEND_mail'))).toEqual(['send']);
  expect(ids(rulesOfTool(rules, 'look'))).toEqual([]);
  for (let n = 0; n < 2_000; n += 1) rulesOfTool(rules, `tool${n}`);
  rulesOfTool(rules, 'x'.repeat(1_000));
  expect(Object.keys(rules.byTool).length).toBeLessThanOrEqual(512);
});
