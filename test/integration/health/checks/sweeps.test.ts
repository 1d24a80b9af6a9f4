import { expect, test } from 'vitest';
import { startLegacy, startModern, startSse } from '../backends.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { waitUntilReleased } from '../probe/probe-backend.ts';
import { prepareHealth } from '../prepare-health.ts';

const { it, use, register, status } = prepareHealth();

test('sweeps of every kind of server leave no session and no socket open, and record history', async () => {
  const backends = [await use(startLegacy()), await use(startModern()), await use(startSse())];
  await register('legacy', backends[0]?.url ?? '');
  await register('modern', `${backends[1]?.url ?? ''}/mcp`);
  await register('old', backends[2]?.url ?? '');
  const before = backends.map((backend) => backend.requests());
  for (let round = 0; round < 20; round += 1) expect((await it.health.sweep()).checked).toBe(3);
  for (const path of ['legacy', 'modern', 'old']) {
    expect(await status(path)).toBe('healthy');
    expect((await it.health.history(path, 100)).checks.length).toBe(21);
  }
  // A light check is one handshake: initialize and DELETE, server/discover, or the event stream.
  expect(backends.map((backend, index) => backend.requests() - (before[index] ?? 0))).toEqual([40, 20, 20]);
  for (const backend of backends) await waitUntilReleased(backend);
});

test('the schedule starts checks, and an invalid expression is rejected', async () => {
  const backend = await use(startModern());
  await register('ticking', `${backend.url}/mcp`);
  expect(() => {
    it.health.setCron('every now and then');
  }).toThrow(/not a cron expression/);
  it.health.setCron('* * * * * *');
  it.health.start();
  await waitFor('two sweeps', () => it.health.metrics().sweeps >= 2);
  expect(it.health.metrics()).toMatchObject({ failed: 0, lastSweep: { servers: 1 } });
  it.logged.length = 0;
});
