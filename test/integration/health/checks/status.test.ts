import { expect, test } from 'vitest';
import { actor } from '../../servers/catalogue.ts';
import { freePort } from '../../servers/running.ts';
import { ECHO, startHttp, startLegacy, startSse } from '../backends.ts';
import { prepareHealth } from '../prepare-health.ts';

const { it, use, stop, register, status } = prepareHealth();

test('a registered server is healthy at once, with its era, tools and a first check', async () => {
  const backend = await use(startLegacy());
  const { server } = await register('legacy', backend.url);
  expect(server).toMatchObject({ status: 'healthy', era: 'legacy', toolCount: 1, error: null });
  const history = await it.health.history('legacy', 10);
  expect(history.checks).toMatchObject([{ health: 'healthy', problem: null }]);
  expect(history).toMatchObject({ health: 'healthy', uptime: 1, instances: [{ up: true, failures: 0 }] });
  expect(history.latency.p50Ms).toBeGreaterThan(0);
});

test('two failures make a server unhealthy; one success makes it healthy again and lists its tools again; its route stays', async () => {
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
    health: 'unhealthy',
    problem: expect.stringContaining('refused the connection') as string,
  });
  await it.health.sweep();
  const down = await it.servers.get('shaky');
  expect(down).toMatchObject({ status: 'unhealthy', configuration: 'live', toolCount: 1, instances: [{ up: false }] });
  expect(down.error).toMatch(/refused the connection.*Start the server/);
  expect(down.instances[0]?.endpoints?.mcp).toBe(`http://127.0.0.1:${port}/mcp`);
  expect(it.written).toEqual([server.id]);

  behaviour.tools = [ECHO, { ...ECHO, name: 'second' }];
  backend = await use(startLegacy(behaviour, port));
  await it.health.sweep();
  expect(await it.servers.get('shaky')).toMatchObject({ status: 'healthy', toolCount: 2, instances: [{ up: true }] });
  // The third time for the new list: the gate knows which tools are read-only.
  expect(it.written).toEqual([server.id, server.id, server.id]);
  expect(changes).toEqual([false, true, true]);
});

test('a server that moves is probed again', async () => {
  const legacy = await use(startLegacy());
  await register('moving', legacy.url);
  const sse = await use(startSse());
  await it.servers.change(actor, 'moving', it.patch({ url: sse.url }));
  expect(await it.servers.get('moving')).toMatchObject({
    status: 'healthy',
    endpoints: { mcp: false, sse: true },
    instances: [{ endpoints: { mcp: null, sse: `${sse.url}/sse` } }],
  });
});

test('an assumed endpoint of a server that was down is corrected when it is running', async () => {
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

test('an instance that goes down makes its server degraded and is marked for the gate', async () => {
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

test('a server without an enabled instance has the status unknown', async () => {
  const backend = await use(startLegacy());
  await register('parked', backend.url);
  await it.servers.change(actor, 'parked', it.patch({ instances: [{ url: backend.url, enabled: false }] }));
  expect(await it.servers.get('parked')).toMatchObject({
    health: 'unknown',
    error: expect.stringContaining('None of its instances is enabled') as string,
  });
  await it.health.sweep();
  expect(await status('parked')).toBe('unknown');
  await it.servers.change(actor, 'parked', it.patch({ instances: [{ url: backend.url, enabled: true }] }));
  expect(await it.servers.get('parked')).toMatchObject({ status: 'healthy', error: null, toolCount: 1 });
});
