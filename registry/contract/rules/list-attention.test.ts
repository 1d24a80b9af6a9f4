import { expect, test } from 'vitest';
import type { AgentView } from '../access/agent.ts';
import type { StatsView } from '../api/stats.ts';
import type { ServerView } from '../server/server.ts';
import { listAttention, listServerAttention } from './list-attention.ts';

const NOW = '2026-11-29T12:00:00.000Z';
const nowMs = Date.parse(NOW);
const server = (path: string, more: Partial<ServerView> = {}) =>
  ({
    path,
    enabled: true,
    status: 'healthy',
    error: null,
    healthSince: NOW,
    rejectedSince: null,
    toolIssues: [],
    ...more,
  }) as ServerView;
const inDays = (days: number) => new Date(nowMs + days * 86_400_000).toISOString();
const agent = (name: string, more: Partial<AgentView> = {}) =>
  ({ name, enabled: true, expiresAt: null, createdAt: inDays(-60), keys: [], ...more }) as unknown as AgentView;
const key = (label: string, expiresAt: string | null) => ({
  id: label,
  label,
  hint: 'abcd',
  createdAt: inDays(-30),
  servers: null,
  lastUsedAt: null,
  managedBy: null,
  expiresAt,
});
const counts = (requests: number, refused: number) => ({
  requests,
  refused,
  calls: 0,
  errors: 0,
  lastCallAt: null,
  firstRefusedAt: NOW,
});
const kinds = (items: readonly { kind: string }[]) => items.map(({ kind }) => kind);

test('the expiry of a key that was created for a day or less needs no attention', () => {
  const short = { ...key('playground', inDays(0.01)), createdAt: NOW };
  expect(listAttention({ servers: [], agents: [agent('a', { keys: [short] })], nowMs })).toEqual([]);
});

test('a healthy server whose tools are as approved needs no attention', () => {
  expect(listServerAttention(server('a'))).toEqual([]);
  expect(listServerAttention(server('a', { status: 'pending' }))).toEqual([]);
});

test('a healthy server that lists poisoned or blocked tools needs attention', () => {
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
    remedy: 'Compare the tools with what was approved, and approve them, or disable the server.',
    since: NOW,
  });
});

test('bad health and a rejected configuration are listed with the cause from the server', () => {
  const items = listAttention({
    servers: [
      server('slow', { status: 'degraded' }),
      server('down', { status: 'unhealthy', error: 'it refused the connection' }),
      server('odd', { status: 'rejected', error: null, rejectedSince: inDays(-1) }),
    ],
    nowMs,
  });
  expect(items.map(({ kind, cause, since }) => [kind, cause, since])).toEqual([
    ['rejected', 'NGINX rejected its configuration', inDays(-1)],
    ['unhealthy', 'it refused the connection', NOW],
    ['degraded', 'It is slow, or some instances are unhealthy', NOW],
  ]);
});

test('a disabled server and a disabled agent need no attention', () => {
  const toolIssues: ServerView['toolIssues'] = [{ kind: 'flagged', count: 1, since: NOW }];
  const off = server('a', { enabled: false, status: 'disabled', toolIssues });
  const agents = [agent('b', { enabled: false, keys: [key('k', inDays(1))] })];
  expect(listAttention({ servers: [off], agents, nowMs })).toEqual([]);
});

test('keys are listed from two weeks before until two weeks after they expire', () => {
  const keys = [key('soon', inDays(1.5)), key('later', inDays(15)), key('', inDays(-2)), key('old', inDays(-20))];
  const items = listAttention({ servers: [], agents: [agent('ci', { keys: [...keys, key('never', null)] })], nowMs });
  expect(items.map(({ kind, cause }) => [kind, cause])).toEqual([
    ['expired', 'Its key …abcd expired'],
    ['expiring', 'Its key soon expires within 2 days'],
  ]);
});

test('an expiry needs attention from two weeks before on, but not before creation', () => {
  const rotated = { ...key('rotated', inDays(1)), createdAt: inDays(-3) };
  const agents = [
    agent('ci', { keys: [key('soon', inDays(2)), rotated], expiresAt: inDays(5), createdAt: inDays(-4) }),
  ];
  const items = listAttention({ servers: [], agents, nowMs });
  expect(items.map(({ since }) => since).toSorted()).toEqual([inDays(-12), inDays(-4), inDays(-3)]);
});

test('a rollback is listed with who made it, why and how it ends', () => {
  const rollback = { generation: 7, reason: 'incident 42', by: 'ada', at: NOW };
  const [item, ...others] = listAttention({ servers: [], rollback, nowMs });
  expect(others).toEqual([]);
  expect(item).toMatchObject({ kind: 'rolled_back', severity: 'warning', since: NOW });
  expect(item?.cause).toContain('Rolled back to generation 7 by ada (incident 42)');
  expect(item?.remedy).toContain('the next change of a server');
  const unknown = listAttention({ servers: [], rollback: { ...rollback, reason: null, by: null, at: null }, nowMs });
  expect(unknown[0]?.cause).toContain('generation 7: servers');
});

test("the gateway's own certificate is listed from two weeks before it expires on", () => {
  const certificates = [
    { names: ['mcp.example.com'], expiresAt: inDays(15) },
    { names: ['old.example.com', 'older.example.com'], expiresAt: inDays(-30) },
    { names: ['soon.example.com'], expiresAt: inDays(3) },
  ];
  const items = listAttention({ servers: [], certificates, nowMs });
  expect(items.map(({ target, kind, cause, since }) => [target, kind, cause, since])).toEqual([
    [
      { type: 'gateway', name: 'old.example.com' },
      'expired',
      'Its TLS certificate for old.example.com, older.example.com expired: clients refuse to connect',
      inDays(-30),
    ],
    [
      { type: 'gateway', name: 'soon.example.com' },
      'expiring',
      'Its TLS certificate for soon.example.com expires within 3 days',
      inDays(-11),
    ],
  ]);
});

test('problems of the gateway itself are listed first, with the remedy', () => {
  const problem = {
    kind: 'disk',
    subject: 'LOG_DIR',
    cause: 'LOG_DIR cannot be written',
    remedy: 'Free space there.',
    since: NOW,
  } as const;
  const items = listAttention({
    servers: [server('down', { status: 'unhealthy', error: 'it refused the connection' })],
    problems: [{ ...problem, kind: 'crashed' }, problem],
    nowMs,
  });
  expect(items.map(({ kind, severity, remedy }) => [kind, severity, remedy])).toEqual([
    ['disk', 'danger', 'Free space there.'],
    ['unhealthy', 'danger', null],
    ['crashed', 'warning', 'Free space there.'],
  ]);
  expect(items[0]?.target).toEqual({ type: 'gateway', name: 'LOG_DIR' });
});

test('refusals are listed when there are many and they are a large share of the requests', () => {
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
  expect(items.map(({ target, cause, since }) => [target.name, cause, since])).toEqual([
    ['many', '20 of 40 requests refused in the last hour', NOW],
  ]);
});
