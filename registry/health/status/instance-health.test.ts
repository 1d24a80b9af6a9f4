import { expect, test } from 'vitest';
import type { ProbeResult } from '../../contract/index.ts';
import { evaluateInstance, UNCHECKED, type InstanceState } from './instance-health.ts';
import { percentile } from './percentile.ts';
import { NOTHING_FOUND } from '../probe/probe-options.ts';
import { createSemaphore } from '../schedule/semaphore.ts';
import { summarise } from './summarise.ts';

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
const options = { slowMs: 100, decisive: false };
const run = (state: InstanceState, ...results: ProbeResult[]) =>
  results.reduce((before, seen) => evaluateInstance(before, seen, options), state);

test('two failures make an instance fall, one success makes it rise', () => {
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

test('the first look and a look that was asked for are believed at once', () => {
  expect(run(UNCHECKED, down)).toMatchObject({ up: false, health: 'unhealthy' });
  expect(evaluateInstance(run(UNCHECKED, result({})), down, { ...options, decisive: true })).toMatchObject({
    up: false,
  });
});

test('asking for a credential is not being down', () => {
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

test('a server is what its instances share, and degraded where they differ', () => {
  const healthy = { url: 'http://a', state: run(UNCHECKED, result({})), toolsHash: 'h1' };
  const dead = { url: 'http://b', state: run(UNCHECKED, down), toolsHash: null };
  expect(summarise([healthy])).toMatchObject({ health: 'healthy', problem: null });
  expect(summarise([dead])).toMatchObject({ health: 'unhealthy', problem: 'refused', remedy: 'start it' });
  expect(summarise([healthy, dead])).toMatchObject({
    health: 'degraded',
    problem: '1 of 2 instances: http://b has a problem: refused',
  });
  expect(summarise([healthy, { ...healthy, url: 'http://c', toolsHash: 'h2' }])).toMatchObject({
    health: 'degraded',
    problem: 'Its instances list different tools: http://c differs from http://a',
  });
  expect(summarise([])).toMatchObject({ health: 'unknown' });
});

test('percentiles are of the nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([percentile(values, 50), percentile(values, 95), percentile(values, 99)]).toEqual([50, 95, 99]);
  expect(percentile([7], 99)).toBe(7);
  expect(percentile([], 50)).toBeNull();
});

test('work that hangs gives its slot away, and no more than allowed runs at once', async () => {
  const semaphore = createSemaphore({ fast: 2, slow: 3, slowMs: 20 });
  const release: (() => void)[] = [];
  const hanging = [1, 2, 3].map(() =>
    semaphore.run(
      () =>
        new Promise<void>((resolve) => {
          release.push(resolve);
        }),
    ),
  );
  let running = 0;
  let most = 0;
  const quick = Array.from({ length: 20 }, () =>
    semaphore.run(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    }),
  );
  await Promise.all(quick);
  expect(release.length).toBe(3);
  expect(most).toBeLessThanOrEqual(2);
  release.forEach((let_go) => {
    let_go();
  });
  await Promise.all(hanging);
});
