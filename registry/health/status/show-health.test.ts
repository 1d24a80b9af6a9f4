import { expect, test } from 'vitest';
import type { StoredServer } from '../../store/index.ts';
import { UNCHECKED } from './instance-health.ts';
import { restoreServerState } from './server-state.ts';
import { showHealth } from './show-health.ts';

const server = {
  instances: [{ id: 'i1', url: 'http://a', enabled: true, up: true, endpoints: null, toolsHash: null }],
} as unknown as StoredServer;
const check = (health: 'healthy' | 'degraded' | 'unhealthy', latencyMs: number | null, at = 0) => ({
  serverId: 's',
  at,
  health,
  latencyMs,
  problem: null,
});

test('before the first check everything is unknown', () => {
  expect(showHealth(server, { observation: undefined, state: undefined, checks: [] }, 10)).toEqual({
    health: 'unknown',
    instances: [
      {
        id: 'i1',
        url: 'http://a',
        enabled: true,
        up: true,
        health: 'unknown',
        failures: 0,
        latencyMs: null,
        certificateExpiresAt: null,
        problem: null,
        remedy: null,
      },
    ],
    uptime: null,
    since: null,
    checks: [],
    latency: { p50Ms: null, p95Ms: null, p99Ms: null },
  });
});

test('figures are over all checks, the list is limited, and failures have no latency', () => {
  const checks = [check('unhealthy', null, 3_000), check('degraded', 30, 2_000), check('healthy', 10, 1_000)];
  const shown = showHealth(server, { observation: undefined, state: undefined, checks }, 2);
  expect(shown.uptime).toBeCloseTo(2 / 3);
  expect(shown.since).toBe('1970-01-01T00:00:01.000Z');
  expect(shown.latency).toEqual({ p50Ms: 10, p95Ms: 30, p99Ms: 30 });
  expect(shown.checks.map(({ at, health }) => [at, health])).toEqual([
    ['1970-01-01T00:00:03.000Z', 'unhealthy'],
    ['1970-01-01T00:00:02.000Z', 'degraded'],
  ]);
});

test('an instance is shown with the state after its last checks', () => {
  const state = restoreServerState(server, undefined);
  const known = state.instances.get('i1');
  if (known === undefined) throw new Error('no instance');
  known.state = { ...UNCHECKED, health: 'unhealthy', failures: 2, problem: 'refused', remedy: 'start it' };
  expect(showHealth(server, { observation: undefined, state, checks: [] }, 1).instances).toMatchObject([
    { health: 'unhealthy', failures: 2, problem: 'refused', remedy: 'start it' },
  ]);
});
