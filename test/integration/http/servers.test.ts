import { expect, test } from 'vitest';
import { startChangingTools } from '../../fixtures/backends/tools/changing-tools.ts';
import { POISONED_TOOLS } from '../../fixtures/backends/tools/poisoned-tools.ts';
import { createClient, type Client } from './client.ts';
import { useApp, type UsedApp } from './use-app.ts';

let app: UsedApp['app'];
let client: Client;
useApp('each', (used) => ({ app, client } = used));
const weather = { path: 'weather', url: 'http://127.0.0.1:9/', headers: { Authorization: 'Bearer top-secret' } };

test('a registration answers with where it is, its revision and whether NGINX serves it', async () => {
  const made = await client.post('/api/servers', { body: weather });
  expect(made.status).toBe(201);
  expect(made.headers.get('Location')).toBe('/api/servers/weather');
  expect(made.headers.get('ETag')).toBe(`"${String(made.json['revision'])}"`);
  expect(made.json).toMatchObject({ path: 'weather', applied: true, generation: 3, headers: ['Authorization'] });
  expect(made.text).not.toContain('top-secret');
  const twice = await client.post('/api/servers', { body: weather });
  expect(twice.status).toBe(409);
  const reserved = await client.post('/api/servers', { body: { ...weather, path: 'api/x' } });
  expect(reserved.problem.errors).toMatchObject([{ field: 'path' }]);
});

test('what means every server is no path for one, by the long form and the short', async () => {
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

test('a path with a slash is asked for encoded, with or without a slash in front', async () => {
  await client.post('/api/servers', { body: { ...weather, path: '/team/search/' } });
  for (const path of ['team%2Fsearch', '%2Fteam%2Fsearch', '%2Fteam%2Fsearch%2F'])
    expect((await client.get(`/api/servers/${path}`)).json).toMatchObject({ path: 'team/search' });
  expect((await client.get('/api/servers/team')).status).toBe(404);
});

test('a change that is based on an old state is refused with the state that stands', async () => {
  const made = await client.post('/api/servers', { body: weather });
  const etag = made.headers.get('ETag') ?? '';
  const patch = (name: string, ifMatch: string) =>
    client.patch('/api/servers/weather', { body: { name }, headers: { 'If-Match': ifMatch } });
  expect((await patch('Mine', etag)).status).toBe(200);
  const late = await patch('Theirs', etag);
  expect(late.status).toBe(412);
  expect(late.problem).toMatchObject({ code: 'stale', current: { name: 'Mine' } });
  expect((await patch('Forced', '*')).status).toBe(200);
  const gone = await client.delete('/api/servers/weather', { headers: { 'If-Match': etag } });
  expect(gone.status).toBe(412);
});

test('what NGINX refuses is stored, and told as not applied with its words', async () => {
  app.publisher.outcome = { applied: false, generation: 4, error: 'nginx: no such thing' };
  app.publisher.configurationStatus = () => ({ configuration: 'rejected', message: 'nginx: no such thing' });
  const made = await client.post('/api/servers', { body: weather });
  expect(made.status).toBe(201);
  expect(made.json).toMatchObject({ applied: false, error: 'nginx: no such thing' });
});

test('with wait=false the answer comes at once, with what to poll for', async () => {
  app.publisher.whenLive = () => new Promise(() => undefined);
  const made = await client.post('/api/servers?wait=false', { body: weather });
  expect(made.status).toBe(202);
  expect(made.json).toMatchObject({ applied: false, generation: null });
  expect(made.json['pendingRevision']).toBe(made.json['revision']);
  expect(made.headers.get('Location')).toBe('/api/servers/weather');
});

test('a change that changes nothing is answered with what stands, its ETag and nothing to wait for', async () => {
  const made = await client.post('/api/servers', { body: weather });
  const etag = made.headers.get('ETag') ?? '';
  const shown = (await client.get('/api/servers/weather')).json;
  app.publisher.outcome = { applied: true, generation: 2, error: null };
  for (const wait of ['true', 'false'])
    for (const body of [{}, { enabled: true, url: weather.url, headers: weather.headers }]) {
      const same = await client.patch(`/api/servers/weather?wait=${wait}`, { body, headers: { 'If-Match': etag } });
      expect(same.status).toBe(200);
      expect(same.headers.get('ETag')).toBe(etag);
      expect(same.json).toEqual({ ...shown, applied: true, generation: 2 });
    }
  expect((await client.post('/toggle/weather', { form: { enabled: 'on' } })).headers.get('ETag')).toBe(etag);
  const audit = (await client.get('/api/audit?target=weather')).json as { items: { action: string }[] };
  expect(audit.items.map(({ action }) => action)).toEqual(['server.registered']);

  // What was stored before is still being published.
  app.publisher.whenLive = () => new Promise(() => undefined);
  const early = await client.patch('/api/servers/weather?wait=false', { body: {} });
  expect(early).toMatchObject({ status: 202, json: { applied: false, pendingRevision: shown['revision'] } });
});

test('a removal can be undone', async () => {
  await client.post('/api/servers', { body: weather });
  const removed = await client.delete('/api/servers/weather');
  expect(removed.json).toMatchObject({ path: 'weather', removedAt: expect.any(String) as string });
  expect((await client.get('/api/servers/weather')).status).toBe(404);
  expect((await client.post('/api/servers/weather/restore')).json).toMatchObject({ removedAt: null });
  expect((await client.get('/api/servers/weather')).status).toBe(200);
  const audit = (await client.get('/api/audit?target=weather')).json as { items: { action: string }[] };
  expect(audit.items.map(({ action }) => action)).toEqual(['server.restored', 'server.removed', 'server.registered']);
});

test('lists come in pages whose cursors may stand in a URL', async () => {
  const paths = ['a', 'b', 'c/d', 'c/e', 'f'];
  for (const path of paths) await client.post('/api/servers', { body: { path, url: `http://127.0.0.1:9/${path}` } });
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = (await client.get(`/api/servers?limit=2${cursor && `&cursor=${cursor}`}`)).json as {
      items: { path: string }[];
      nextCursor?: string;
    };
    seen.push(...page.items.map(({ path }) => path));
    cursor = page.nextCursor ?? '';
    expect(encodeURIComponent(cursor)).toBe(cursor);
  } while (cursor !== '');
  expect(seen).toEqual(paths);
  const agents = (await client.get('/api/agents?limit=1')).json as { items: unknown[]; nextCursor?: string };
  expect(agents).toEqual({ items: agents.items });
});

test('snippets are written for every client or one, without a key', async () => {
  await client.post('/api/servers', { body: weather });
  const all = (await client.get('/api/servers/weather/connect')).json as { snippets: unknown[] };
  expect(all.snippets.length).toBeGreaterThan(5);
  const one = await client.get('/api/servers/weather/connect?client=cursor');
  expect(one.json).toMatchObject({ snippets: [{ client: 'cursor' }] });
  expect(one.text).not.toMatch(/mgw_[0-9A-Za-z]{43}/);
  expect((await client.get('/api/servers/weather/connect?client=none')).status).toBe(422);
});

test('a server that moves to another origin loses its stored headers, and the answer says so', async () => {
  await client.post('/api/servers', { body: weather });
  const stays = await client.patch('/api/servers/weather', { body: { url: 'http://127.0.0.1:9/mcp' } });
  expect(stays.json).not.toHaveProperty('droppedHeaders');
  for (const wait of [true, false]) {
    await client.patch('/api/servers/weather', { body: { headers: weather.headers } });
    const url = `http://127.0.0.1:${wait ? 7 : 11}/`;
    const moved = await client.patch(`/api/servers/weather?wait=${wait}`, { body: { url } });
    expect(moved.json).toMatchObject({ droppedHeaders: ['Authorization'], headers: [] });
  }
});

test.each([
  ['the gateway', 'http://127.0.0.1:8080/mcp'],
  ['the registry', 'http://localhost:7860/'],
  ['the registry, by IPv6', 'http://[::1]:7860/'],
  ['the registry, by an address of all hosts', 'http://0.0.0.0:7860/'],
  ['the management server', 'http://mcpgw-server.localhost/mcp'],
  ['the management server, with a port and in capitals', 'http://MCPGW-Server.LocalHost:81/mcp'],
])('%s cannot be registered as a server', async (_, url) => {
  const made = await client.post('/api/servers', { body: { path: 'own', url } });
  expect(made.status).toBe(422);
  expect(made.problem.errors).toMatchObject([{ field: 'instances.0.url' }]);
  await client.post('/api/servers', { body: weather });
  expect((await client.patch('/api/servers/weather', { body: { url } })).status).toBe(422);
  const probed = await client.post('/api/probe', { body: { url } });
  expect(probed.json).toMatchObject({ health: 'unhealthy', endpoints: null });
});

test('a probe says what is flagged in the tools before anything is saved', async () => {
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

test('headers to forward are names, each judged; what may not be meant is a warning', async () => {
  const made = await client.post('/api/servers', { body: { ...weather, forwardHeaders: ['X-Tenant', 'Remote-User'] } });
  expect(made.json).toMatchObject({ forwardHeaders: ['Remote-User', 'X-Tenant'], headers: ['Authorization'] });
  expect(made.json['warnings']).toEqual([expect.stringMatching(/^Remote-User .* must not trust it/)]);
  const path = '/api/servers/weather';
  const bad = await client.patch(path, { body: { forwardHeaders: ['X-Ok', 'Authorization', 'X: y'] } });
  expect(bad.status).toBe(422);
  expect((bad.problem.errors ?? []).map(({ field }) => field)).toEqual(['forwardHeaders.1', 'forwardHeaders.2']);
  const same = await client.patch(path, { body: { forwardHeaders: ['X-Tenant', 'Remote-User', 'x-tenant'] } });
  expect(same.json).toMatchObject({ revision: made.json['revision'] });
  const none = await client.patch(path, { body: { forwardHeaders: [] } });
  expect(none.json).toMatchObject({ forwardHeaders: [], warnings: [] });
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

test('a query with quotes and letters beyond ASCII is taken', async () => {
  const made = await client.post('/api/servers', { body: { path: 'q', url: 'http://127.0.0.1:9/mcp?a="ü"' } });
  expect(made.status).toBe(201);
});

test('an OAuth client that registers itself is told that there is no OAuth, with a login or without', async () => {
  const body = { client_name: 'Claude', redirect_uris: ['http://localhost/callback'] };
  const stranger = createClient(app.url);
  for (const answer of [
    await stranger.post('/register', { body }),
    await stranger.post('/register', { form: { path: '/x', proxy_pass_url: 'http://h' } }),
    await client.post('/register', { body }),
    await client.post('/register', { body: { ...body, path: 'x', proxy_pass_url: 'http://h' } }),
  ]) {
    expect(answer.status).toBe(404);
    expect(answer.problem).toMatchObject({ detail: 'there is no OAuth here: send a key', code: 'not_found' });
    expect(answer.headers.get('WWW-Authenticate')).toBeNull();
  }
  const wrong = await createClient(app.url, 'Bearer mgw_wrong').post('/register', { body });
  expect(wrong.status).toBe(401);
});

test('older scripts register by form', async () => {
  const form = {
    name: 'Weather',
    path: '/weather',
    proxy_pass_url: 'http://127.0.0.1:9',
    description: 'Forecasts',
    tags: 'demo, Forecast,',
    num_tools: '3',
    num_stars: '5',
    is_python: 'on',
    license: 'MIT',
  };
  const made = await client.post('/register', { form });
  expect(made.status).toBe(201);
  expect(made.json).toMatchObject({
    path: 'weather',
    tags: ['demo', 'forecast'],
    stars: 5,
    license: 'MIT',
    applied: true,
  });
  expect(made.json['message']).toEqual(expect.any(String));
  expect((await client.post('/register', { form })).status).toBe(409);
  const json = await client.post('/register', {
    body: { server_name: 'T', path: 't/s', proxy_pass_url: 'http://h', tags: ['x'] },
  });
  expect(json.json).toMatchObject({ name: 'T', path: 't/s', tags: ['x'] });
  const bad = await client.post('/register', { form: { path: 'x', proxy_pass_url: 'ftp://h', num_stars: 'many' } });
  expect((bad.problem.errors ?? []).map(({ field }) => field).toSorted()).toEqual(['proxy_pass_url', 'stars']);
});

test('older scripts toggle by form: "on" is on, nothing is off; JSON says true or false', async () => {
  await client.post('/api/servers', { body: { ...weather, path: 'team/search' } });
  const off = await client.post('/toggle/team/search', { form: {} });
  expect(off.status).toBe(200);
  expect(off.json).toMatchObject({
    service_path: '/team/search',
    new_enabled_state: false,
    status: 'disabled',
    num_tools: 0,
  });
  expect((await client.post('/toggle/team/search', { form: { enabled: 'on' } })).json).toMatchObject({
    new_enabled_state: true,
  });
  expect((await client.post('/toggle//team/search', { form: { enabled: 'off' } })).json).toMatchObject({
    new_enabled_state: false,
  });
  expect((await client.post('/toggle/team%2Fsearch', { body: { enabled: true } })).json).toMatchObject({
    new_enabled_state: true,
    applied: true,
  });
  expect((await client.post('/toggle/team/search', { body: {} })).status).toBe(422);
  expect((await client.post('/toggle/none', { form: {} })).status).toBe(404);
});

test('health tells nobody about servers but who may read them, and is not healthy when it is not', async () => {
  await client.post('/api/servers', { body: weather });
  expect((await createClient(app.url).get('/health')).json).toEqual({ status: 'healthy' });
  expect((await client.get('/health')).json).toMatchObject({
    servers: { weather: { tools_cached: 0, running: false } },
  });
  expect((await client.get('/readyz')).json).toMatchObject({ status: 'ready', generation: 3, published: true });
  app.publisher.progress = () => ({ hasEndedOnce: true, problem: 'the disk is full' });
  expect((await client.get('/readyz')).json).toMatchObject({ status: 'ready', generation: 3, published: false });
  expect(await client.get('/health')).toMatchObject({
    status: 200,
    json: { status: 'degraded', error: expect.stringContaining('the disk is full') as string },
  });
  expect((await createClient(app.url).get('/health')).json).toEqual({ status: 'degraded' });
  app.publisher.progress = () => ({ hasEndedOnce: false, problem: null });
  const early = await client.get('/readyz');
  expect(early.status).toBe(503);
  expect(early.problem.detail).toContain('the first publish of this start');
  app.publisher.progress = () => ({ hasEndedOnce: true, problem: null });
  app.publisher.current = async () => null;
  expect((await client.get('/readyz')).status).toBe(503);
  expect((await client.get('/health')).json).toMatchObject({ status: 'degraded' });
  expect((await client.get('/healthz')).json).toEqual({ status: 'alive' });
});

test('a program is refused where none may run, with what allows it, and so is what is neither program nor URL', async () => {
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
