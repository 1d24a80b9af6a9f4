import { expect, test } from 'vitest';
import type { Observation, StoredServer } from '../../store/index.ts';
import { evaluateInstance } from './instance-health.ts';
import { restoreServerState } from './server-state.ts';
import { NOTHING_FOUND } from '../probe/probe-options.ts';

const serverWith = (up: boolean) =>
  ({ instances: [{ id: 'i1', url: 'http://a', up, toolsHash: 'h' }] }) as unknown as StoredServer;
const stored = (health: Observation['health']) =>
  ({ health, problem: 'p', remedy: 'r', era: 'modern', protocolVersion: '2026-07-28' }) as Observation;
const restore = (up: boolean, observation?: Observation) =>
  restoreServerState(serverWith(up), observation).instances.get('i1');

test('an instance continues from the stored state', () => {
  expect(restore(true, stored('healthy'))).toMatchObject({
    url: 'http://a',
    era: 'modern',
    toolsHash: 'h',
    state: { up: true, health: 'healthy', failures: 0 },
  });
  expect(restore(false, stored('degraded'))?.state).toMatchObject({ up: false, health: 'unhealthy', failures: 2 });
});

test('an instance that is up, of a server that was down, is unknown', () => {
  expect(restore(true, stored('unhealthy'))?.state).toMatchObject({ up: true, health: 'unknown' });
});

test('without an observation it is unknown, and up as it was stored', () => {
  expect(restore(false)?.state).toMatchObject({ up: false, health: 'unknown', failures: 0 });
  expect(restore(true, stored('unknown'))?.state).toMatchObject({ up: true, health: 'unknown' });
});

test('the first failure after a restart does not take a healthy instance down', () => {
  const known = restore(true, stored('healthy'));
  if (known === undefined) throw new Error('no instance');
  const failed = { ...NOTHING_FOUND, health: 'unhealthy' as const };
  expect(evaluateInstance(known.state, failed, { slowMs: 1, decisive: false, now: 0 })).toMatchObject({
    up: true,
    failures: 1,
  });
});
