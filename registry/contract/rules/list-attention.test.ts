import { expect, test } from 'vitest';
import type { AgentView } from '../access/agent.ts';
import type { StatsView } from '../api/stats.ts';
import type { ServerView } from '../server/server.ts';
import { listAttention, listServerAttention } from './list-attention.ts';

const NOW = '2026-11-29T12:00:00.000Z';
const nowMs = Date.parse(NOW);
const server = (path: string, more: Partial<ServerView> = {}) =>
  ({ path, enabled: true, status: 'healthy', error: null, healthSince: NOW, toolIssues: [], ...more }) as ServerView;
const inDays = (days: number) => new Date(nowMs + days * 86_400_000).toISOString();
const agent = (name: string, more: Partial<AgentView> = {}) =>
  ({ name, enabled: true, expiresAt: null, keys: [], ...more }) as unknown as AgentView;
const key = (label: string, expiresAt: string | null) => ({
  id: label,
  label,
  hint: 'abcd',
  createdAt: inDays(-30),
  servers: null,
  lastUsedAt: null,
  expiresAt,
});
const counts = (requests: number, refused: number) => ({ requests, refused, calls: 0, errors: 0, lastCallAt: null });
const kinds = (items: readonly { kind: string }[]) => items.map(({ kind }) => kind);

test('a key that was made to last a day or less expires as it should', () => {
  const short = { ...key('playground', inDays(0.01)), createdAt: NOW };
  expect(listAttention({ servers: [], agents: [agent('a', { keys: [short] })], nowMs })).toEqual([]);
});

test('a healthy server whose tools are as approved needs none', () => {
  expect(listServerAttention(server('a'))).toEqual([]);
  expect(listServerAttention(server('a', { status: 'pending' }))).toEqual([]);
});

test('a server that answers well and lists poisoned or blocked tools needs attention', () => {
  const toolIssues: ServerView['toolIssues'] = [
    { kind: 'flagged', count: 1, since: NOW },
    { kind: 'blocked', count: 13, since: NOW },
  ];
  const items = listServerAttention(server('a', { toolIssues }));
  expect(kinds(items)).toEqual(['blocked', 'flagged']);
  expect(items[0]).toEqual({
    kind: 'blocked',
    severity: 'danger',
    target: { type: 'server', name: 'a' },
    cause: '13 tools blocked until approved',
    since: NOW,
  });
});

test('bad health and a rejected configuration are there with the cause the server has', () => {
  const items = listAttention({
    servers: [
      server('slow', { status: 'degraded' }),
      server('down', { status: 'unhealthy', error: 'it refused the connection' }),
      server('odd', { status: 'rejected', error: null }),
    ],
    nowMs,
  });
  expect(items.map(({ kind, cause, since }) => [kind, cause, since])).toEqual([
    ['rejected', 'NGINX rejected its configuration', null],
    ['unhealthy', 'it refused the connection', NOW],
    ['degraded', 'It is slow, or some instances are unhealthy', NOW],
  ]);
});

test('a disabled server and a disabled agent need none', () => {
  const toolIssues: ServerView['toolIssues'] = [{ kind: 'flagged', count: 1, since: NOW }];
  const off = server('a', { enabled: false, status: 'disabled', toolIssues });
  const agents = [agent('b', { enabled: false, keys: [key('k', inDays(1))] })];
  expect(listAttention({ servers: [off], agents, nowMs })).toEqual([]);
});

test('keys are mentioned two weeks before and after they expire', () => {
  const keys = [key('soon', inDays(1.5)), key('later', inDays(15)), key('', inDays(-2)), key('old', inDays(-20))];
  const items = listAttention({ servers: [], agents: [agent('ci', { keys: [...keys, key('never', null)] })], nowMs });
  expect(items.map(({ kind, cause }) => [kind, cause])).toEqual([
    ['expired', 'Its key …abcd expired'],
    ['expiring', 'Its key soon expires within 2 days'],
  ]);
});

test('refusals are unusual when there are many and they are a large share', () => {
  const stats = {
    servers: [
      { server: 'few', ...counts(19, 19) },
      { server: 'many', ...counts(40, 20) },
    ],
    agents: [
      { agent: 'busy', ...counts(10_000, 100) },
      { agent: 'wrong', ...counts(1, 1) },
    ],
  } as unknown as StatsView;
  const items = listAttention({ servers: [], stats, nowMs });
  expect(items.map(({ target, cause }) => [target.name, cause])).toEqual([
    ['many', '20 of 40 requests refused in the last hour'],
  ]);
});
