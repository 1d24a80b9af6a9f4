import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { actor } from '../servers/catalogue.ts';
import { freePort } from '../servers/running.ts';
import { ECHO, startHttp, startLegacy, startModern, startSse, type Backend, type Behaviour } from './backends.ts';
import { openKnowing, type Knowing } from './knowing.ts';

let it: Knowing;
const running: Backend[] = [];
async function use<B extends Backend>(starting: Promise<B>): Promise<B> {
  const backend = await starting;
  running.push(backend);
  return backend;
}
async function stop(backend: Backend): Promise<void> {
  running.splice(running.indexOf(backend), 1);
  await backend.close();
}
const register = (path: string, url: string, more: object = {}) =>
  it.servers.register(actor, it.input({ path, url, ...more }));
const status = async (path: string) => (await it.servers.get(path)).status;

beforeEach(async () => {
  it = await openKnowing();
});
afterEach(async () => {
  await it.close();
  await Promise.all(running.splice(0).map((backend) => backend.close()));
  expect(it.logged).toEqual([]);
});

test('a registered server is healthy at once, with its era, tools and a first check', async () => {
  const backend = await use(startLegacy());
  const { server } = await register('legacy', backend.url);
  expect(server).toMatchObject({ status: 'healthy', era: 'legacy', toolCount: 1, error: null });
  const history = await it.health.history('legacy', 10);
  expect(history.checks).toMatchObject([{ observed: 'healthy', problem: null }]);
  expect(history).toMatchObject({ observed: 'healthy', uptime: 1, instances: [{ up: true, failures: 0 }] });
  expect(history.latency.p50Ms).toBeGreaterThan(0);
});

test('sweeps of every kind leave no session and no socket, and keep history', async () => {
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
  for (const backend of backends) while (backend.sockets() > 0 || backend.sessions() > 0) await sleep(20);
});

test('two failures make it fall, one success makes it rise and its tools are listed anew; the route stays', async () => {
  const behaviour = { tools: [ECHO] };
  const port = await freePort();
  let backend = await use(startLegacy(behaviour, port));
  const { server } = await register('shaky', backend.url);
  const changes: boolean[] = [];
  it.events.on('health.checked', ({ changed }) => changes.push(changed));
  await stop(backend);
  it.written.length = 0;
  await it.health.sweep();
  expect(await status('shaky')).toBe('healthy');
  expect(it.written).toEqual([]);
  expect((await it.health.history('shaky', 1)).checks[0]).toMatchObject({
    observed: 'unhealthy',
    problem: expect.stringContaining('refused the connection') as string,
  });
  await it.health.sweep();
  const down = await it.servers.get('shaky');
  expect(down).toMatchObject({ status: 'unhealthy', applied: 'live', toolCount: 1, instances: [{ up: false }] });
  expect(down.error).toMatch(/refused the connection.*Start the server/);
  expect(down.instances[0]?.endpoints?.mcp).toBe(`http://127.0.0.1:${port}/mcp`);
  expect(it.written).toEqual([server.id]);

  behaviour.tools = [ECHO, { ...ECHO, name: 'second' }];
  backend = await use(startLegacy(behaviour, port));
  await it.health.sweep();
  expect(await it.servers.get('shaky')).toMatchObject({ status: 'healthy', toolCount: 2, instances: [{ up: true }] });
  expect(it.written).toEqual([server.id, server.id]);
  expect(changes).toEqual([false, true, true]);
});

test('a server that moves is looked at anew', async () => {
  const legacy = await use(startLegacy());
  await register('moving', legacy.url);
  const sse = await use(startSse());
  await it.servers.change(actor, 'moving', it.patch({ url: sse.url }));
  expect(await it.servers.get('moving')).toMatchObject({
    status: 'healthy',
    endpoints: { mcp: false, sse: true },
    instances: [{ endpoints: { message: '/message', messageForm: 'root' } }],
  });
});

test('what was assumed of a server that was down is corrected when it comes up', async () => {
  const port = await freePort();
  await register('late', `http://127.0.0.1:${port}/api`);
  expect((await it.servers.get('late')).instances[0]?.endpoints?.mcp).toBe(`http://127.0.0.1:${port}/api`);
  const moved: string[] = [];
  it.events.on('endpoints.changed', ({ path }) => moved.push(path));
  const real = await use(startLegacy());
  const prefix = await use(
    startHttp((request, response) => {
      if (request.url !== '/api/mcp') return void response.writeHead(404).end();
      void (async () => {
        let body = '';
        for await (const chunk of request) body += String(chunk);
        const headers = Object.fromEntries(
          Object.entries(request.headers).filter(([name]) => /^(accept|content-type|mcp-)/.test(name)),
        ) as Record<string, string>;
        const init = { method: request.method ?? 'GET', headers, ...(body === '' ? {} : { body }) };
        if (request.method === 'GET') return void response.writeHead(405).end();
        const reply = await fetch(`${real.url}/mcp`, init);
        response.writeHead(reply.status, Object.fromEntries(reply.headers));
        response.end(Buffer.from(await reply.arrayBuffer()));
        return undefined;
      })().catch(() => response.destroy());
      return undefined;
    }, port),
  );
  await it.health.sweep();
  const server = await it.servers.get('late');
  expect(server).toMatchObject({ status: 'healthy', instances: [{ endpoints: { mcp: `${prefix.url}/api/mcp` } }] });
  expect(moved).toEqual(['late']);
});

test('several instances: one that falls makes the server degraded and is marked for the gate', async () => {
  const [one, two] = [await use(startLegacy()), await use(startLegacy())];
  await it.servers.register(actor, it.input({ path: 'pair', instances: [{ url: one.url }, { url: two.url }] }));
  expect(await status('pair')).toBe('healthy');
  await stop(two);
  await it.health.sweep();
  await it.health.sweep();
  const server = await it.servers.get('pair');
  expect(server.status).toBe('degraded');
  expect(server.error).toMatch(/1 of 2 instances/);
  expect(server.instances.map(({ up }) => up)).toEqual([true, false]);
});

test('a refresh answers with what it found, and is believed at once', async () => {
  const backend = await use(startLegacy());
  await register('asked', backend.url);
  expect(await it.health.refresh('asked')).toMatchObject({ observed: 'healthy', tools: [ECHO], era: 'legacy' });
  await stop(backend);
  expect(await it.health.refresh('asked')).toMatchObject({ observed: 'unhealthy', tools: [] });
  expect(await status('asked')).toBe('unhealthy');
  await expect(it.health.refresh('nowhere')).rejects.toMatchObject({ code: 'not_found' });
});

test('history and status are there after a restart, and the state goes on from them', async () => {
  const backend = await use(startLegacy());
  await register('kept', backend.url);
  await it.health.sweep();
  await it.health.close();
  const { createHealth } = await import('../../../registry/health/create-health.ts');
  const { createSystemGuard } = await import('../../../registry/health/upstream-guard.ts');
  const again = createHealth({
    store: it.store,
    events: it.events,
    log: { warn: () => undefined, error: () => undefined },
    guard: createSystemGuard(() => null),
    publicHost: 'gw.example',
    timeoutMs: () => 5_000,
    cron: '*/30 * * * * *',
    writeServer: () => Promise.resolve(),
    keepTools: (server, tools) => it.discovery.keepTools(server, tools),
    hashTools: (tools) => it.discovery.hashTools(tools),
  });
  expect((await again.history('kept', 10)).checks.length).toBe(2);
  const before = backend.requests();
  await again.sweep();
  // Healthy before the restart: a light check is enough.
  expect(backend.requests() - before).toBe(2);
  await stop(backend);
  await again.sweep();
  expect(await status('kept')).toBe('healthy');
  await again.sweep();
  expect(await status('kept')).toBe('unhealthy');
  await again.close();
});

test('history is bounded, and goes with a removed server', async () => {
  const backend = await use(startModern());
  const { server } = await register('counted', `${backend.url}/mcp`);
  const checks = Array.from({ length: 3_000 }, (_, at) => {
    return { serverId: server.id, at: at + 1, observed: 'healthy' as const, latencyMs: 1, problem: null };
  });
  await it.store.checks.addAll(checks);
  for (let round = 0; round < 33; round += 1) await it.health.sweep();
  expect((await it.store.checks.list(server.id, 9_999)).length).toBeLessThanOrEqual(1_440 + 33);
  await it.servers.remove(actor, 'counted');
  while ((await it.store.checks.list(server.id, 1)).length > 0) await sleep(10);
});

test('a server changed or removed while it is looked at is not written over', async () => {
  let answer: (() => void) | undefined;
  const slow = await use(
    startHttp((_, response) => {
      answer = () => response.writeHead(500).end();
    }),
  );
  const port = await freePort();
  await register('racing', `http://127.0.0.1:${port}`);
  await it.servers.change(actor, 'racing', it.patch({ enabled: false }));
  const server = await it.store.servers.byPath('racing');
  expect(server).toBeDefined();
  const refreshing = it.servers.change(actor, 'racing', it.patch({ enabled: true, url: slow.url }));
  while (answer === undefined) await sleep(5);
  await it.servers.remove(actor, 'racing');
  answer();
  await expect(refreshing).rejects.toMatchObject({ code: 'not_found' });
});

test('a refresh of a server that is changed meanwhile looks again, and never answers with nothing', async () => {
  const behaviour: Behaviour = { tools: [ECHO] };
  const backend = await use(startLegacy(behaviour));
  await register('busy', backend.url);
  behaviour.onList = () => {
    delete behaviour.onList;
    return it.servers.change(actor, 'busy', it.patch({ description: 'changed while it was looked at' }));
  };
  expect(await it.health.refresh('busy')).toMatchObject({ observed: 'healthy', tools: [{ name: 'echo' }] });

  let rounds = 0;
  behaviour.onList = () => it.servers.change(actor, 'busy', it.patch({ description: `round ${(rounds += 1)}` }));
  await expect(it.health.refresh('busy')).rejects.toMatchObject({ code: 'unavailable' });
  expect(rounds).toBe(3);
});

test('a server of which no instance is enabled is not what it was before', async () => {
  const backend = await use(startLegacy());
  await register('parked', backend.url);
  await it.servers.change(actor, 'parked', it.patch({ instances: [{ url: backend.url, enabled: false }] }));
  expect(await it.servers.get('parked')).toMatchObject({
    observed: 'unknown',
    error: expect.stringContaining('none of its instances is enabled') as string,
  });
  await it.health.sweep();
  expect(await status('parked')).toBe('unknown');
  await it.servers.change(actor, 'parked', it.patch({ instances: [{ url: backend.url, enabled: true }] }));
  expect(await it.servers.get('parked')).toMatchObject({ status: 'healthy', error: null, toolCount: 1 });
});

test('the clock checks by itself, a second time is skipped while one runs, and a bad expression is refused', async () => {
  const backend = await use(startModern());
  await register('ticking', `${backend.url}/mcp`);
  expect(() => {
    it.health.setCron('every now and then');
  }).toThrow(/no cron expression/);
  it.health.setCron('* * * * * *');
  it.health.start();
  while (it.health.metrics().sweeps < 2) await sleep(50);
  expect(it.health.metrics()).toMatchObject({ failed: 0, lastSweep: { servers: 1 } });
  it.logged.length = 0;
});
