import { expect, test } from 'vitest';
import type { ProbeResult } from '../../contract/index.ts';
import { evaluateInstance, UNCHECKED, type InstanceState } from './instance-health.ts';
import { NOTHING_FOUND } from '../probe/probe-options.ts';

const result = (changes: Partial<ProbeResult>): ProbeResult => ({
  ...NOTHING_FOUND,
  health: 'healthy',
  transport: 'streamable-http',
  era: 'modern',
  protocolVersion: '2026-07-28',
  latencyMs: 5,
  ...changes,
});
const down = result({ health: 'unhealthy', problem: 'refused', remedy: 'start it', latencyMs: null });
const options = { now: 0, slowMs: 100, decisive: false };
const run = (state: InstanceState, ...results: ProbeResult[]) =>
  results.reduce((before, seen) => evaluateInstance(before, seen, options), state);

test('two failures take an instance down, one success takes it up', () => {
  const healthy = run(UNCHECKED, result({}));
  expect(run(healthy, down)).toMatchObject({ up: true, health: 'healthy', failures: 1 });
  expect(run(healthy, down, down)).toMatchObject({ up: false, health: 'unhealthy', problem: 'refused' });
  expect(run(healthy, down, result({}), down)).toMatchObject({ up: true, health: 'healthy' });
  expect(run(healthy, down, down, result({}))).toMatchObject({
    up: true,
    health: 'healthy',
    failures: 0,
    problem: null,
  });
});

test('a first check and a check on request: one failure is enough', () => {
  expect(run(UNCHECKED, down)).toMatchObject({ up: false, health: 'unhealthy' });
  expect(evaluateInstance(run(UNCHECKED, result({})), down, { ...options, decisive: true })).toMatchObject({
    up: false,
  });
});

test('an instance that requires a credential is not down', () => {
  expect(run(UNCHECKED, result({ health: 'auth_required', problem: 'asks' }))).toMatchObject({
    up: true,
    health: 'auth_required',
    failures: 0,
  });
});

test('slow twice is degraded, slow once is not', () => {
  const slow = result({ latencyMs: 500 });
  expect(run(UNCHECKED, slow).health).toBe('healthy');
  expect(run(UNCHECKED, slow, slow)).toMatchObject({ health: 'degraded', up: true });
  expect(run(UNCHECKED, slow, slow, result({})).health).toBe('healthy');
});
