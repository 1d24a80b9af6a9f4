import { expect, test } from 'vitest';
import { startChangingTools } from '../../../fixtures/backends/tools/changing-tools.ts';
import { POISONED_TOOLS } from '../../../fixtures/backends/tools/poisoned-tools.ts';
import type { Client } from '../client.ts';
import { useApp, type UsedApp } from '../use-app.ts';

let app: UsedApp['app'];
let client: Client;
useApp('each', (used) => ({ app, client } = used));
const weather = { path: 'weather', url: 'http://127.0.0.1:9/', headers: { Authorization: 'Bearer top-secret' } };

test('a registration returns its location, its revision and whether NGINX serves it', async () => {
  const created = await client.post('/api/servers', { body: weather });
  expect(created.status).toBe(201);
  expect(created.headers.get('Location')).toBe('/api/servers/weather');
  expect(created.headers.get('ETag')).toBe(`"${String(created.json['revision'])}"`);
  expect(created.json).toMatchObject({ path: 'weather', applied: true, generation: 3, headers: ['Authorization'] });
  expect(created.text).not.toContain('top-secret');
  const twice = await client.post('/api/servers', { body: weather });
  expect(twice.status).toBe(409);
  const reserved = await client.post('/api/servers', { body: { ...weather, path: 'api/x' } });
  expect(reserved.problem.errors).toMatchObject([{ field: 'path' }]);
});

test('the path "/all", which means every server, is refused by both forms of registration', async () => {
  const answers = [
    await client.post('/api/servers', { body: { ...weather, path: '/all' } }),
    await client.post('/register', { form: { name: 'All', path: '/all', proxy_pass_url: weather.url } }),
  ];
  for (const { status, problem } of answers) {
    expect(status).toBe(422);
    const message = expect.stringMatching(/"\/all" for every server; choose another one/) as string;
    expect(problem.errors).toEqual([{ field: 'path', message }]);
  }
  expect((await client.get('/api/servers/all')).status).toBe(404);
});

test('a server that NGINX rejects is stored, and reported as not applied with the message of NGINX', async () => {
  app.publisher.outcome = { applied: false, generation: 4, error: 'nginx: no such thing' };
  app.publisher.configurationStatus = () => ({
    configuration: 'rejected',
    message: 'nginx: no such thing',
    since: null,
  });
  const created = await client.post('/api/servers', { body: weather });
  expect(created.status).toBe(201);
  expect(created.json).toMatchObject({ applied: false, error: 'nginx: no such thing' });
});

test('with wait=false the response is immediate, with the revision to poll for', async () => {
  app.publisher.whenLive = () => new Promise(() => undefined);
  const created = await client.post('/api/servers?wait=false', { body: weather });
  expect(created.status).toBe(202);
  expect(created.json).toMatchObject({ applied: false, generation: null });
  expect(created.json['pendingRevision']).toBe(created.json['revision']);
  expect(created.headers.get('Location')).toBe('/api/servers/weather');
});

test.each([
  ['the gateway', 'http://127.0.0.1:8080/mcp'],
  ['the registry', 'http://localhost:7860/'],
  ['the registry, by IPv6', 'http://[::1]:7860/'],
  ['the registry, by an address of all hosts', 'http://0.0.0.0:7860/'],
  ['the management server', 'http://mcpgw-server.localhost/mcp'],
  ['the management server, with a port and in capitals', 'http://MCPGW-Server.LocalHost:81/mcp'],
])('%s cannot be registered as a server', async (_, url) => {
  const created = await client.post('/api/servers', { body: { path: 'own', url } });
  expect(created.status).toBe(422);
  expect(created.problem.errors).toMatchObject([{ field: 'instances.0.url' }]);
  await client.post('/api/servers', { body: weather });
  expect((await client.patch('/api/servers/weather', { body: { url } })).status).toBe(422);
  const probed = await client.post('/api/probe', { body: { url } });
  expect(probed.json).toMatchObject({ health: 'unhealthy', endpoints: null });
});

test('a probe reports findings in the tools before anything is saved', async () => {
  const poisoned = await startChangingTools({ tools: POISONED_TOOLS });
  try {
    const probed = await client.post('/api/probe', { body: { url: poisoned.url } });
    const findings = probed.json['findings'] as { tool: string; findings: { severity: string }[] }[];
    expect(findings.map(({ tool }) => tool)).toContain('shadows_other_tool');
    expect(findings.map(({ tool }) => tool)).not.toContain('clean');
    expect((await client.get('/api/servers')).json['items']).toEqual([]);
  } finally {
    await poisoned.close();
  }
});

test.each(['a b', 'a\r\nX: y', 'a\u0001', 'a\u007f', 'a\ud800'])(
  'a URL with the query %j is refused',
  async (query) => {
    const answer = await client.post('/api/servers', { body: { path: 'q', url: `http://127.0.0.1:9/mcp?${query}x` } });
    expect(answer.status).toBe(422);
    expect(answer.problem.errors).toMatchObject([
      { field: 'url', message: expect.stringMatching(/^the query of the URL/) },
    ]);
  },
);

test('a query with quotes and letters beyond ASCII is accepted', async () => {
  const created = await client.post('/api/servers', { body: { path: 'q', url: 'http://127.0.0.1:9/mcp?a="ü"' } });
  expect(created.status).toBe(201);
});

test('a program is refused where none is allowed, with the setting that allows it; an invalid program or URL is refused too', async () => {
  const program = { path: 'files', command: 'npx', args: ['-y', 'some-server'] };
  const refused = await client.post('/api/servers', { body: program });
  expect(refused.status).toBe(403);
  expect(refused.problem.hint).toContain('STDIO_COMMANDS=allow');
  const invalid: [object, string][] = [
    [{ ...program, url: 'http://127.0.0.1:9/' }, 'url'],
    [{ path: 'files', url: 'http://127.0.0.1:9/', args: [] }, 'args'],
    [{ ...program, command: 'npx -y\nserver' }, 'command'],
    [{ ...program, env: { LD_PRELOAD: '/tmp/x.so' } }, 'env'],
    [{ ...program, cwd: 'relative' }, 'cwd'],
    [{ path: 'files' }, 'url'],
  ];
  for (const [body, field] of invalid) {
    const { status, problem } = await client.post('/api/servers', { body });
    expect({ status, field: problem.errors?.[0]?.field.split('.')[0] }).toEqual({ status: 422, field });
  }
});
