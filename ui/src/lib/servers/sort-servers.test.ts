import type { AttentionItem, ServerView } from '@mcpgw/registry/contract';
import { expect, test } from 'vitest';
import { errorRate, sortServers, type Sort } from './sort-servers.ts';

const server = (name: string, more: Partial<ServerView> = {}) =>
  ({ name, path: name, enabled: true, latencyMs: null, toolCount: 0, lastCheckedAt: null, ...more }) as ServerView;
const SERVERS = [
  server('beta 10', { latencyMs: 5, toolCount: 1, lastCheckedAt: '2026-11-29T12:00:00Z' }),
  server('off', { enabled: false }),
  server('Alpha', { latencyMs: 50 }),
  server('beta 2', { toolCount: 9, lastCheckedAt: '2026-11-29T13:00:00Z' }),
];
const attentionOf = (path: string) =>
  (({ 'beta 10': [{ severity: 'danger' }], 'beta 2': [{ severity: 'warning' }] })[path] ?? []) as AttentionItem[];
const figuresOf = (path: string) =>
  ({
    Alpha: { calls: 100, requests: 100, errors: 1, p95Ms: 20 },
    'beta 2': { calls: 2, requests: 4, errors: 2, p95Ms: 900 },
  })[path];
const names = (sort: Sort, isReversed = false) =>
  sortServers(SERVERS, sort, { attentionOf, figuresOf }, isReversed).map(({ name }) => name);

test('servers in the worst state come first, ties by the displayed name', () => {
  expect(names('worst')).toEqual(['beta 10', 'beta 2', 'Alpha', 'off']);
  expect(names('name')).toEqual(['Alpha', 'beta 2', 'beta 10', 'off']);
  expect(names('name', true)).toEqual(['off', 'beta 10', 'beta 2', 'Alpha']);
});

test('by calls, error rate and p95 of the last hour, servers without a value last', () => {
  expect(names('calls')[0]).toBe('Alpha');
  expect(names('errors').slice(0, 2)).toEqual(['beta 2', 'Alpha']);
  expect(names('p95').slice(0, 2)).toEqual(['beta 2', 'Alpha']);
  expect(errorRate(undefined)).toBeNull();
  expect(errorRate({ errors: 2, requests: 4 })).toBe(0.5);
});

test('by latency, tools and the last check, servers without a value last', () => {
  expect(names('latency').slice(0, 2)).toEqual(['Alpha', 'beta 10']);
  expect(names('tools')[0]).toBe('beta 2');
  expect(names('tools', true).at(-1)).toBe('beta 2');
  expect(names('checked').slice(0, 2)).toEqual(['beta 2', 'beta 10']);
});
