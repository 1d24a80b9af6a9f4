import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { actor, openCatalogue, type Catalogue } from './catalogue.ts';
import { freePort, startEverything, type Running } from './running.ts';

let everything: Running;
let it: Catalogue;

beforeAll(async () => {
  everything = await startEverything('streamableHttp');
});
afterAll(async () => {
  await everything.stop();
});
beforeEach(async () => {
  it = await openCatalogue();
});
afterEach(async () => {
  await it.close();
});

const register = (value: Record<string, unknown>) => it.servers.register(actor, it.input(value));

test('a server is probed, stored with its endpoint, written for the gate, and announced by an event', async () => {
  const events: unknown[] = [];
  it.events.on('server.registered', (event) => events.push(event));
  const { server, revision } = await register({ path: 'everything', url: `http://127.0.0.1:${everything.port}/` });
  expect(server).toMatchObject({
    path: 'everything',
    name: 'everything',
    status: 'unknown',
    endpoints: { mcp: true, sse: false },
    gatewayUrl: 'https://gw.example/everything/mcp',
    instances: [{ endpoints: { mcp: `http://127.0.0.1:${everything.port}/mcp` }, up: true }],
  });
  expect(server.id).toMatch(/^[a-z][a-z0-9]{11}$/);
  expect(revision).toBe(1);
  expect(it.recorded).toMatchObject([
    { path: 'everything', probes: [{ result: { health: 'healthy', era: 'legacy' } }] },
  ]);
  expect(it.recorded[0]?.probes[0]?.result.tools.map((tool) => tool.name)).toContain('echo');
  expect(it.written).toEqual([server.id]);
  expect(events).toEqual([{ serverId: server.id, path: 'everything' }]);
});

test('a server that is down is registered anyway, with its endpoint assumed from the URL', async () => {
  const port = await freePort();
  const { server } = await register({ path: 'down', url: `http://127.0.0.1:${port}` });
  expect(server.instances[0]?.endpoints?.mcp).toBe(`http://127.0.0.1:${port}/mcp`);
  expect(it.recorded[0]?.probes[0]?.result).toMatchObject({
    health: 'unhealthy',
    problem: expect.stringContaining('refused the connection') as string,
  });
});

test('a server that was registered at "all" before that was refused can be read, changed, removed and restored', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  await it.servers.register(actor, { ...it.input({ path: 'some', url }), path: 'all' });
  expect(await it.servers.get('all')).toMatchObject({ path: 'all' });
  const { server } = await it.servers.change(actor, 'all', it.patch({ name: 'Old', enabled: false }));
  expect(server).toMatchObject({ path: 'all', name: 'Old', status: 'disabled' });
  await it.servers.remove(actor, 'all');
  await it.servers.restore(actor, 'all');
  expect((await it.servers.list({ limit: 5 })).map(({ path }) => path)).toEqual(['all']);
});

test('a taken path is a conflict that names the server, also for two concurrent registrations', async () => {
  const url = `http://127.0.0.1:${everything.port}/mcp`;
  const both = await Promise.allSettled([
    register({ path: 'weather', name: 'Weather of Berlin', url }),
    register({ path: 'weather', name: 'Weather of Berlin', url }),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(register({ path: '/weather/', url })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('Weather of Berlin') as string,
  });
  expect((await it.store.servers.all()).length).toBe(1);
});

test('reserved words, the management path and refused addresses are refused with the field', async () => {
  const url = 'http://127.0.0.1:1/mcp';
  expect(() => it.input({ path: 'api/x', url })).toThrow(/gateway serves that address/);
  await expect(register({ path: 'mcpgw', url })).rejects.toMatchObject({ code: 'forbidden' });
  await it.close();
  it = await openCatalogue({
    explainUrl: (seen) => Promise.resolve(seen.includes('169.254') ? '169.254.169.254 is refused' : null),
  });
  await expect(register({ path: 'meta', url: 'http://169.254.169.254/' })).rejects.toMatchObject({
    code: 'invalid',
    errors: [{ field: 'instances.0.url', message: '169.254.169.254 is refused' }],
  });
  expect(it.written).toEqual([]);
});

test('the built-in management server can be registered by the registry, and cannot be removed or moved', async () => {
  const input = it.input({ path: 'mcpgw', url: 'http://127.0.0.1:7861/mcp' });
  await it.servers.register(actor, input, { builtIn: true });
  await expect(it.servers.remove(actor, 'mcpgw')).rejects.toMatchObject({ code: 'forbidden' });
  await expect(it.servers.change(actor, 'mcpgw', it.patch({ url: 'http://127.0.0.1:1/mcp' }))).rejects.toMatchObject({
    code: 'forbidden',
  });
});

test('no view, audit row or event contains a credential or a query', async () => {
  const { server } = await register({
    path: 'secretive',
    url: `http://127.0.0.1:${everything.port}/mcp?token=query-secret`,
    headers: { Authorization: 'Bearer header-secret' },
  });
  await it.servers.change(actor, 'secretive', it.patch({ headers: { 'X-Other': 'third-secret' } }));
  const shown = JSON.stringify([server, await it.servers.get('secretive'), await it.store.audit.list({ limit: 10 })]);
  expect(shown).not.toMatch(/query-secret|header-secret|third-secret/);
  expect((await it.servers.get('secretive')).headers).toEqual(['Authorization', 'X-Other']);
  expect((await it.store.servers.byPath('secretive'))?.instances[0]?.query).toBe('token=query-secret');
});

test('PATCH: headers merge, absent fields stay, instances of the same URL keep id and query', async () => {
  const one = `http://127.0.0.1:${everything.port}/mcp`;
  const first = await register({
    path: 'pair',
    description: 'stays',
    instances: [{ url: `${one}?key=k1`, weight: 3 }],
    headers: { Authorization: 'Bearer a', 'X-A': '1' },
  });
  const two = `http://localhost:${everything.port}/mcp`;
  const changed = await it.servers.change(
    actor,
    'pair',
    it.patch({
      instances: [{ url: two }, { url: one }],
      headers: { authorization: 'Bearer b', 'X-A': null, 'X-B': '2' },
    }),
  );
  expect(changed.server.description).toBe('stays');
  expect(changed.server.instances.map(({ url }) => url)).toEqual([two, one]);
  expect(changed.server.instances[1]?.id).toBe(first.server.instances[0]?.id);
  expect((await it.store.servers.byPath('pair'))?.instances[1]?.query).toBe('key=k1');
  expect(await it.store.servers.credentials(changed.server.id)).toEqual({ authorization: 'Bearer b', 'X-B': '2' });
  // Both results name instances that exist.
  const ids = changed.server.instances.map(({ id }) => id).sort();
  expect(it.recorded[1]?.probes.map(({ instanceId }) => instanceId).sort()).toEqual(ids);
});

test('stored headers are dropped when a server moves to another origin, unless they are set again', async () => {
  const seen: (string | undefined)[] = [];
  const thief = createHttpServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
  const elsewhere = `http://127.0.0.1:${(thief.address() as AddressInfo).port}/mcp`;
  const home = `http://127.0.0.1:${everything.port}/mcp`;
  const headers = { Authorization: 'Bearer stored', 'X-Tenant': 'a' };
  try {
    const { server } = await register({ path: 'moved', url: home, headers });
    const here = await it.servers.change(actor, 'moved', it.patch({ url: `${home}/` }));
    expect(here.droppedHeaders).toEqual([]);
    expect(await it.store.servers.credentials(server.id)).toEqual(headers);
    const again = await it.servers.change(
      actor,
      'moved',
      it.patch({ instances: [{ url: home }, { url: elsewhere }], headers: { authorization: 'Bearer new' } }),
    );
    expect(again).toMatchObject({ droppedHeaders: ['X-Tenant'], server: { headers: ['authorization'] } });
    expect(await it.store.servers.credentials(server.id)).toEqual({ authorization: 'Bearer new' });
    const third = elsewhere.replace('127.0.0.1', 'localhost');
    const moved = await it.servers.change(actor, 'moved', it.patch({ url: third }));
    expect(moved).toMatchObject({ droppedHeaders: ['authorization'], server: { headers: [] } });
    expect(await it.store.servers.credentials(server.id)).toEqual({});
    expect(seen).not.toContain('Bearer stored');
    expect(new Set(seen)).toEqual(new Set(['Bearer new', undefined]));
  } finally {
    thief.close();
    thief.closeAllConnections();
  }
});

test('a change based on an older state is stale, and none of it is written', async () => {
  const { server } = await register({ path: 'busy', url: `http://127.0.0.1:${everything.port}/mcp` });
  await it.servers.change(actor, 'busy', it.patch({ name: 'First' }), server.revision);
  await expect(it.servers.change(actor, 'busy', it.patch({ name: 'Second' }), server.revision)).rejects.toMatchObject({
    code: 'stale',
  });
  expect((await it.servers.get('busy')).name).toBe('First');
});

test('disabling and enabling have their own audit actions; a removal can be undone, unless the path is taken', async () => {
  const url = `http://127.0.0.1:${everything.port}/mcp`;
  const { server } = await register({ path: 'toggled', url });
  expect((await it.servers.change(actor, 'toggled', it.patch({ enabled: false }))).server.status).toBe('disabled');
  await it.servers.change(actor, 'toggled', it.patch({ enabled: true }));
  await it.servers.remove(actor, 'toggled');
  await expect(it.servers.get('toggled')).rejects.toMatchObject({ code: 'not_found' });
  expect((await it.servers.restore(actor, 'toggled')).server.id).toBe(server.id);
  await it.servers.remove(actor, 'toggled');
  await register({ path: 'toggled', url });
  await expect(it.servers.restore(actor, 'toggled')).rejects.toMatchObject({ code: 'conflict' });
  expect((await it.store.audit.list({ limit: 20 })).map(({ action }) => action).reverse()).toEqual([
    'server.registered',
    'server.disabled',
    'server.enabled',
    'server.removed',
    'server.restored',
    'server.removed',
    'server.registered',
  ]);
});

test('lists are filtered, and continue after a path', async () => {
  const url = `http://127.0.0.1:${everything.port}/mcp`;
  for (const path of ['a', 'b/one', 'b/two', 'c'])
    await register({ path, url, tags: path.startsWith('b') ? ['team-b'] : [] });
  const paths = async (query: Parameters<typeof it.servers.list>[0]) =>
    (await it.servers.list(query)).map(({ path }) => path);
  expect(await paths({ limit: 3 })).toEqual(['a', 'b/one', 'b/two']);
  expect(await paths({ limit: 3, afterPath: 'b/two' })).toEqual(['c']);
  expect(await paths({ limit: 9, tag: 'team-b', q: 'TWO b' })).toEqual(['b/two']);
  expect(await paths({ limit: 9, status: 'healthy' })).toEqual([]);
});

test('a patch of one timeout does not change the others', async () => {
  await register({
    path: 'patient',
    url: `http://127.0.0.1:${everything.port}/mcp`,
    timeouts: { connectMs: 1_000, readMs: 2_000, sendMs: 3_000 },
  });
  const { server } = await it.servers.change(actor, 'patient', it.patch({ timeouts: { readMs: 9_000 } }));
  expect(server.timeouts).toEqual({ connectMs: 1_000, readMs: 9_000, sendMs: 3_000 });
});
