import { request as rawRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createClient, type Client } from './client.ts';
import { silentLog } from '../../support/registry/silent-log.ts';
import { createDataDir, PASSWORD, startApp } from './start-app.ts';
import { useApp, type UsedApp } from './use-app.ts';

let app: UsedApp['app'];
let client: Client;
useApp('file', (used) => ({ app, client } = used));

function expectProblem(answer: Awaited<ReturnType<Client['get']>>, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
  expect(answer.json).toMatchObject({ status, requestId: answer.headers.get('X-Request-Id') });
  for (const field of ['type', 'title', 'detail']) expect(answer.json[field]).toEqual(expect.any(String));
}

test.each([
  '/nowhere',
  '/api/nowhere',
  '/metrics',
  '/.well-known/oauth-protected-resource',
  '/oauth/authorize',
  '/api',
])('GET %s is a JSON 404', async (path) => expectProblem(await client.get(path), 404));

test('malformed JSON, a wrong type, a missing and an empty body are refused', async () => {
  expectProblem(await client.post('/api/agents', { raw: '{"name":' }), 400);
  expectProblem(await client.post('/api/agents', { raw: 'name=x', headers: { 'Content-Type': 'text/plain' } }), 415);
  expectProblem(await client.post('/api/agents', { form: { name: 'x' } }), 415);
  expectProblem(await client.post('/api/agents'), 422);
  expectProblem(await client.post('/api/agents', { raw: 'null' }), 422);
  expectProblem(await client.post('/api/agents', { raw: '{}', headers: { 'Content-Encoding': 'compress' } }), 415);
});

test('a body above 1 MB is refused, one below is read', async () => {
  const description = 'x'.repeat(1024 * 1024);
  expectProblem(await client.post('/api/agents', { body: { name: 'big', description } }), 413);
  const long = await client.post('/api/agents', { body: { name: 'big', description: 'x'.repeat(900_000) } });
  expectProblem(long, 422);
  expect(long.problem.errors).toMatchObject([{ field: 'description' }]);
});

test('an anonymous client can send 4 KB at most, and always gets a small response', async () => {
  const anonymous = createClient(app.url);
  const big = { username: 'admin', password: 'x'.repeat(5_000) };
  expectProblem(await anonymous.post('/api/session', { body: big }), 413);
  expectProblem(await anonymous.post('/login', { form: big }), 413);
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`k${n}`, 0]));
  const answer = await anonymous.post('/api/session', { body: many });
  expectProblem(answer, 422);
  expect(answer.problem.errors).toHaveLength(20);
  expect(answer.text.length).toBeLessThan(4_096);
});

test('a body that does not match its Content-Encoding is a 400', async () => {
  const whole = gzipSync(JSON.stringify({ name: 'zipped' }));
  const ask = (body: Buffer) =>
    fetch(`${app.url}/api/agents`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip', Cookie: client.cookie ?? '' },
      body: new Uint8Array(body),
    });
  for (const broken of [
    Buffer.from('{"name":"x"}'),
    whole.subarray(0, 12),
    Buffer.concat([whole.subarray(0, 20), whole]),
  ])
    expect((await ask(broken)).status).toBe(400);
  expect((await ask(whole)).status).toBe(201);
});

test('every invalid field is reported', async () => {
  const answer = await client.post('/api/agents', {
    body: { name: 'Bad Name', grants: [{ server: '/x', tools: [] }], colour: 'red', enabled: 'yes' },
  });
  expectProblem(answer, 422);
  expect(answer.problem.code).toBe('invalid');
  const fields = (answer.problem.errors ?? []).map(({ field }) => field);
  expect(fields.toSorted()).toEqual(['colour', 'enabled', 'grants.0.server', 'name']);
  const missing = await client.post('/api/users', { body: { username: 'ada' } });
  expect(missing.problem.errors).toContainEqual({ field: 'password', message: 'this is missing; expected a string' });
});

test('a field that has its own request is refused with the name of that request', async () => {
  const messages = async (path: string, body: object, method: 'patch' | 'post' = 'patch') =>
    (await client[method](path, { body })).problem.errors?.map(({ message }) => message).join();
  expect(await messages('/api/agents/x', { grants: [] })).toContain('PUT /api/agents/{name}/grants');
  expect(await messages('/api/agents/x', { keys: [] })).toContain('POST /api/agents/{name}/keys');
  expect(await messages('/api/servers/x', { toolLock: {} })).toContain('PUT /api/servers/{path}/tool-lock');
  expect(await messages('/api/servers', { path: 'x', limits: {} }, 'post')).toContain('PUT /api/servers/{path}/limits');
  expect(await messages('/api/agents/x', { colour: 'red' })).toBe('there is no such field here');
});

test('an unknown filter of records is refused with the names of the known ones', async () => {
  for (const list of ['audit', 'calls', 'calls/export']) {
    const answer = await client.get(`/api/${list}?since=1h`);
    expectProblem(answer, 422);
    expect(answer.problem.errors).toMatchObject([{ field: 'since', message: expect.stringContaining('from, to') }]);
  }
});

test('an unsupported method gets 405 with the supported ones', async () => {
  const answer = await client.delete('/api/servers');
  expectProblem(answer, 405);
  expect(answer.headers.get('Allow')).toBe('GET, HEAD, POST');
  expectProblem(await client.put('/api/agents/x/keys'), 405);
});

test('an invalid percent encoding, query, cursor or If-Match is refused', async () => {
  expectProblem(await client.get('/api/servers/%zz'), 400);
  expectProblem(await client.get('/api/servers?limit=0'), 422);
  expectProblem(await client.get('/api/servers?limit=1&limit=2'), 422);
  for (const list of ['agents', 'users', 'servers', 'audit', 'generations', 'tools?q=x', 'servers/weather/changes'])
    expectProblem(await client.get(`/api/${list}${list.includes('?') ? '&' : '?'}cursor=abc`), 400);
  expectProblem(await client.get('/api/audit?cursor=ImEi'), 400);
  for (const odd of ['1e400', '-1', '1.5'])
    for (const list of ['audit', 'generations', 'tools?q=x'])
      expectProblem(
        await client.get(`/api/${list}${list.includes('?') ? '&' : '?'}cursor=${btoa(odd).replaceAll('=', '')}`),
        400,
      );
  expectProblem(await client.get('/api/tools?cursor=ImEi'), 400);
  await client.post('/api/agents', { body: { name: 'matched' } });
  expectProblem(await client.patch('/api/agents/matched', { body: {}, headers: { 'If-Match': 'xyz' } }), 400);
});

test('an internal error is reported without its text, and logged with its request id', async () => {
  const logged: unknown[] = [];
  const other = await startApp(createOther(), {
    deps: {
      log: { ...silentLog, error: (facts) => void logged.push(facts) },
      activity: {
        stats: async () => {
          throw new Error('secret detail of the database');
        },
        agentStats: () => Promise.resolve({ items: [] }),
        serverStats: () => Promise.resolve({ items: [] }),
        serverTrend: () => Promise.resolve({ points: [] }),
      },
    },
  });
  try {
    const admin = createClient(other.url);
    await admin.logIn('admin', PASSWORD);
    const answer = await admin.get('/api/stats');
    expectProblem(answer, 500);
    expect(answer.text).not.toContain('secret detail');
    expect(logged).toMatchObject([{ requestId: answer.problem.requestId, path: '/api/stats' }]);
  } finally {
    await other.close();
    otherFolder?.remove();
  }
});
let otherFolder: ReturnType<typeof createDataDir> | undefined;
function createOther(): string {
  otherFolder = createDataDir();
  return otherFolder.dataDir;
}

test('a change requested by another site is refused; one that no browser sent is not', async () => {
  const body = { description: 'changed' };
  await client.post('/api/agents', { body: { name: 'csrf' } });
  const patch = (headers: Record<string, string>) => client.patch('/api/agents/csrf', { body, headers });
  const host = new URL(app.url).host;
  for (const headers of [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: `http://${host}.evil.example` },
    { Origin: 'http://127.0.0.1:1' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://evil.example' },
    { 'Sec-Fetch-Site': 'cross-site', Origin: `http://${host}` },
  ] as Record<string, string>[])
    expectProblem(await patch(headers), 403);
  for (const headers of [
    {},
    { Origin: `http://${host}` },
    { Origin: 'http://localhost:8080' },
    { 'Sec-Fetch-Site': 'same-origin', Origin: `http://${host}` },
    { 'Sec-Fetch-Site': 'none' },
  ] as Record<string, string>[])
    expect((await patch(headers)).status).toBe(200);
  expect((await client.get('/api/agents/csrf', { headers: { Origin: 'https://evil.example' } })).status).toBe(200);
  const evil = createClient(app.url);
  const login = await evil.post('/login', {
    form: { username: 'admin', password: PASSWORD },
    headers: { Origin: 'https://evil.example' },
  });
  expectProblem(login, 403);
});

test('every response has the security headers', async () => {
  for (const path of ['/', '/healthz', '/api/servers', '/nowhere', '/docs']) {
    const { headers } = await client.get(path);
    const policy = headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('X-Frame-Options')).toBe('DENY');
    expect(headers.get('X-Powered-By')).toBeNull();
  }
});

test('bodies that are nested deeply or contain prototypes are refused without a crash', async () => {
  const deep = `${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`;
  const server = (metadata: string) => `{"path":"deep","url":"http://127.0.0.1:9","metadata":${metadata}}`;
  expectProblem(await client.post('/api/servers', { raw: server(deep) }), 422);
  expectProblem(await client.post('/api/agents', { raw: '['.repeat(200_000) + ']'.repeat(200_000) }), 422);
  expectProblem(await client.post('/api/agents', { raw: '{"name":"proto","__proto__":{"role":"admin"}}' }), 422);
});

test('a request id from NGINX is used, one from a client is not', async () => {
  const given = 'abcdef0123456789';
  const through = await client.get('/healthz', { headers: { 'X-Request-Id': given, 'X-Forwarded-For': '127.0.0.1' } });
  expect(through.headers.get('X-Request-Id')).toBe(given);
  const direct = await client.get('/healthz', { headers: { 'X-Request-Id': given } });
  expect(direct.headers.get('X-Request-Id')).not.toBe(given);
});

test('a client that disconnects in the middle of its body does no harm', async () => {
  const { hostname, port } = new URL(app.url);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': '1000', Cookie: client.cookie };
  await new Promise<void>((resolve) => {
    const half = rawRequest({ hostname, port, method: 'POST', path: '/api/agents', headers });
    half.on('error', () => resolve());
    half.write('{"name":', () => half.destroy());
    half.on('close', () => resolve());
  });
  expect((await client.get('/healthz')).status).toBe(200);
});
