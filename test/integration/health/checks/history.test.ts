import { expect, test } from 'vitest';
import { waitFor } from '../../../support/wait-for.ts';
import { actor } from '../../servers/catalogue.ts';
import { startLegacy, startModern } from '../backends.ts';
import { openHealth } from '../open-health.ts';
import { prepareHealth } from '../prepare-health.ts';

const { it, use, stop, register } = prepareHealth();

test('history and status survive a restart, and the state continues from them', async () => {
  const backend = await use(startLegacy());
  await register('kept', backend.url);
  await it.health.sweep();
  await it.stop();
  const again = await openHealth({ dataDir: it.dataDir });
  expect((await again.health.history('kept', 10)).checks.length).toBe(2);
  const before = backend.requests();
  await again.health.sweep();
  // Healthy before the restart: a light check is enough.
  expect(backend.requests() - before).toBe(2);
  await stop(backend);
  await again.health.sweep();
  expect((await again.servers.get('kept')).status).toBe('healthy');
  await again.health.sweep();
  expect((await again.servers.get('kept')).status).toBe('unhealthy');
  await again.stop();
});

test('history is limited, and deleted with a removed server', async () => {
  const backend = await use(startModern());
  const { server } = await register('counted', `${backend.url}/mcp`);
  const checks = Array.from({ length: 3_000 }, (_, at) => {
    return { serverId: server.id, at: at + 1, health: 'healthy' as const, latencyMs: 1, problem: null };
  });
  await it.store.checks.addAll(checks);
  for (let round = 0; round < 33; round += 1) await it.health.sweep();
  expect((await it.store.checks.list(server.id, 9_999)).length).toBeLessThanOrEqual(1_440 + 33);
  await it.servers.remove(actor, 'counted');
  await waitFor('no checks', async () => (await it.store.checks.list(server.id, 1)).length === 0);
});
