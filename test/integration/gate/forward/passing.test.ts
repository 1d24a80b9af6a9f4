import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, callBody, sendRaw } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, type RunningGate } from '../../../support/nginx/start-gate.ts';
import { startTwoBackends } from './two-backends.ts';

/** URLs that the registry serves (docs/architecture.md). */
const REGISTRY = [
  'ui/',
  'assets/x',
  'api/servers',
  'ws',
  'docs',
  'openapi.json',
  'healthz',
  'readyz',
  'health',
  'metrics',
]
  .concat(['register', 'toggle/x', 'login', 'logout', 'registry/x', 'sessions/x', 'execute', 'sse', 'v0.1/servers'])
  .concat(['.well-known/x', 'oauth/x', 'favicon.ico', 'robots.txt'])
  .map((path) => `/${path}`);

// What reaches a backend and what does not (docs/gate.md; MCP, Streamable HTTP).
describe.each(NGINX_KINDS)('requests forwarded by $name NGINX', (kind) => {
  let one: RecordingBackend;
  let two: RecordingBackend;
  let gate: RunningGate;
  let key: string;
  let close: () => Promise<void>;
  const body = callBody('echo');

  beforeAll(async () => {
    ({ one, two, gate, key, close } = await startTwoBackends(kind));
  });
  afterAll(() => close());

  const last = (backend: RecordingBackend) => {
    const request = backend.requests.at(-1);
    if (request === undefined) throw new Error('no request arrived');
    return request;
  };

  test('credentials and internal headers of the client are not forwarded; those of the server are sent', async () => {
    const headers = {
      Cookie: 'session=1',
      Origin: 'http://localhost:3000',
      'X-Forwarded-For': '6.6.6.6',
      'X-Real-IP': '6.6.6.6',
      Forwarded: 'for=6.6.6.6',
      'Proxy-Authorization': 'Basic x',
      X_Api_Key: 'conflated',
      'X-Tenant': 'mine',
    };
    expect((await ask(gate.url, '/one/mcp', { body, key, headers })).status).toBe(200);
    const at = last(one);
    expect(at.url).toBe('/base/mcp');
    expect(at.headers).toMatchObject({
      authorization: 'own-Authorization',
      'x-api-key': 'own-X-Api-Key',
      'x-tenant': 'own-X-Tenant',
      'x.odd~name': 'own-X.Odd~Name',
      host: new URL(one.url).host,
    });
    const raw = at.rawHeaders.join('\n');
    for (const secret of [key, 'session=1', '6.6.6.6', 'localhost:3000', 'conflated', 'Basic x', 'mine'])
      expect(raw).not.toContain(secret);

    expect((await ask(gate.url, '/usual/mcp', { body, key, headers })).status).toBe(200);
    const usual = last(one);
    expect(usual.url).toBe('/usual');
    const names = usual.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    for (const name of ['authorization', 'x-api-key']) expect(names.filter((one) => one === name)).toHaveLength(1);
    expect(usual.headers).toMatchObject({ authorization: 'own-Authorization', 'x-api-key': 'own-X-Api-Key' });
    for (const secret of [key, 'session=1', '6.6.6.6', 'localhost:3000', 'conflated', 'Basic x'])
      expect(usual.rawHeaders.join('\n')).not.toContain(secret);

    expect(
      (
        await ask(gate.url, '/two/mcp', {
          body,
          headers: { ...headers, X_Api_Key: [], 'X-Api-Key': key },
        })
      ).status,
    ).toBe(200);
    const bare = last(two).rawHeaders.join('\n');
    for (const secret of [key, 'own-', 'session=1', '6.6.6.6']) expect(bare).not.toContain(secret);
    expect(last(two).headers['x-tenant']).toBeUndefined();
  });

  test('only the management server gets the key of the caller', async () => {
    await ask(gate.url, '/mcpgw/mcp', { body, headers: { 'X-Api-Key': key } });
    expect(last(two).headers.authorization).toBe(`Bearer ${key}`);
    const star = gate.access.addAgent('star');
    expect((await ask(gate.url, '/mcpgw/mcp', { body, key: star })).status).toBe(403);
  });

  test('the Host is that of the backend, or the public one if the server is configured so', async () => {
    await ask(gate.url, '/two', { body, key, headers: { Host: 'gateway.test:9' } });
    expect(last(two).headers.host).toBe(new URL(two.url).host);
    await ask(gate.url, '/public', { body, key, headers: { Host: 'gateway.test:9', Origin: 'https://chat.test' } });
    expect(last(two).headers).toMatchObject({ host: 'gateway.test:9', origin: 'https://chat.test' });
  });

  test('the query of the client is dropped; the query of the registered URL is sent and never logged', async () => {
    await ask(gate.url, '/two/mcp?a=1', { body, key });
    expect(last(two).url).toBe('/mcp');
    gate.access.putServer('two', {
      instances: [{ id: 'i1', up: true, weight: 1, query: 'token=s3cret&x=%2F' }],
    });
    await ask(gate.url, '/two/mcp?a=1', { body, key });
    expect(last(two).url).toBe('/mcp?token=s3cret&x=%2F');
    await ask(gate.url, '/encoded', { body, key });
    expect(last(two).url).toBe('/a%2Fb/%7Eme(1)/mcp');
    expect(gate.nginx.errorLog()).not.toContain('s3cret');
    expect(JSON.stringify(gate.calls())).not.toContain('s3cret');
  });

  test('every form of a path works without a redirect', async () => {
    for (const path of ['/two', '/two/', '/two/mcp', '/two/mcp/', '/default'])
      expect((await ask(gate.url, path, { body, key })).status, path).toBe(200);
  });

  test('Mcp-Param-* headers of the modern protocol are forwarded, also with underscores and with 20 KB', async () => {
    const headers = {
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Param-City': 'x'.repeat(20_000),
      'Mcp-Param-user_id': '7',
      'Last-Event-ID': 'e1',
    };
    expect((await ask(gate.url, '/one', { body, key, headers })).status).toBe(200);
    expect(last(one).headers).toMatchObject({
      'mcp-param-city': 'x'.repeat(20_000),
      'mcp-param-user_id': '7',
      'last-event-id': 'e1',
    });
  });

  test('bodies below and at the limit are forwarded completely, in one piece or in chunks', async () => {
    const pad = (length: number) => {
      const empty = '{"jsonrpc":"2.0","id":1,"method":"x","params":{"text":""}}';
      return empty.replace('""}}', `"${'y'.repeat(length - empty.length)}"}}`);
    };
    for (const length of [10_000, 999_999, 1_000_000]) {
      const text = pad(length);
      expect((await ask(gate.url, '/one', { body: text, key })).status, String(length)).toBe(200);
      expect(last(one).body).toBe(text);
      const chunked = await ask(gate.url, '/one', { body: text, key, headers: { 'Transfer-Encoding': 'chunked' } });
      expect(chunked.status, `${length} chunked`).toBe(200);
    }
    expect((await ask(gate.url, '/one', { body: pad(1_000_001), key })).status).toBe(413);
    // Chunks of one byte fill NGINX's buffer with their lengths, and it writes them to a file.
    const crumbs = pad(400_000).replace(/./g, '1\r\n$&\r\n');
    const head = `POST /one HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer ${key}\r\n`;
    const scattered = await sendRaw(gate.url, `${head}Transfer-Encoding: chunked\r\n\r\n${crumbs}0\r\n\r\n`);
    expect(scattered).toContain('HTTP/1.1 200 OK');
    expect(last(one).body).toBe(pad(400_000));
  });

  test('a backend can control neither NGINX nor the browser', async () => {
    const before = two.requests.length;
    const odd = body.replace('"id":1', '"id":1785000000000000001');
    const reply = await ask(gate.url, '/hostile', { body: odd, key });
    expect(reply.text).toContain('"id":1785000000000000001,');
    expect(reply.json).toMatchObject({
      error: { code: -32055, data: { status: 503, reason: 'backend_refused' } },
    });
    expect(two.requests.length).toBe(before);
    for (const name of [
      'set-cookie',
      'location',
      'www-authenticate',
      'access-control-allow-origin',
      'x-accel-redirect',
    ])
      expect(reply.headers[name], name).toBeUndefined();
  });

  test('a key for one server is refused at another, and a revoked key everywhere, from the next request on', async () => {
    const only = gate.access.addAgent('narrow', { grants: [{ server: 'one', tools: ['*'] }] });
    expect((await ask(gate.url, '/one', { body, key: only })).status).toBe(200);
    expect((await ask(gate.url, '/two', { body, key: only })).status).toBe(403);
    gate.access.putKey(only, 'narrow', { grants: [{ server: 'two', tools: ['*'] }] });
    expect((await ask(gate.url, '/one', { body, key: only })).status).toBe(403);
    expect((await ask(gate.url, '/two', { body, key: only })).status).toBe(200);
    gate.access.revoke(only);
    expect((await ask(gate.url, '/two', { body, key: only })).status).toBe(401);
  });

  test('URLs of the registry keep encoded slashes, and get JSON errors while it is down', async () => {
    for (const path of REGISTRY) {
      const reply = await ask(gate.url, path);
      expect(reply.status, path).toBe(503);
      expect(reply.headers['content-type']).toContain('application/problem+json');
      expect(reply.json, path).toMatchObject({ status: 503 });
    }
    expect((await ask(gate.url, '/api/x', { headers: { Host: 'evil.test' } })).status).toBe(421);
    // Relative, so that it works below a path prefix of another proxy too.
    expect((await ask(gate.url, '/')).headers.location).toBe('ui/');
    const registry = await startRecordingBackend();
    try {
      await gate.publish([], { registry: `127.0.0.1:${registry.port}` });
      const given = { headers: { Cookie: 'a=b', Authorization: 'x' } };
      const reply = await ask(gate.url, '/api/servers/team%2Fsearch/tools?q=%2F', given);
      expect(reply.status, reply.text + gate.nginx.errorLog()).toBe(200);
      expect(registry.requests.at(-1)).toMatchObject({
        url: '/api/servers/team%2Fsearch/tools?q=%2F',
        headers: { cookie: 'a=b', authorization: 'x', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' },
      });
      // As load balancers send it: without a Host.
      await sendRaw(gate.url, 'GET /healthz HTTP/1.0\r\n\r\n');
      expect(registry.requests.at(-1)).toMatchObject({ url: '/healthz', headers: { host: 'localhost' } });
      gate.access.putGate({ drain: true });
      const drained = await ask(gate.url, '/api/x%2Fy', { body: 'text', headers: { Connection: 'keep-alive' } });
      expect(drained.headers.connection).toBe('close');
      expect(registry.requests.at(-1)).toMatchObject({ method: 'POST', url: '/api/x%2Fy', body: 'text' });
    } finally {
      gate.access.putGate({ drain: false });
      await registry.close();
    }
  });

  test('while it drains, connections are closed after every reply, successful or not', async () => {
    await gate.publish([{ id: 'two', path: 'two', instances: [planInstance('i1', `${two.url}/mcp`)] }]);
    const headers = { Connection: 'keep-alive' };
    expect((await ask(gate.url, '/two', { body, key, headers })).headers.connection).toBe('keep-alive');
    gate.access.putGate({ drain: true });
    expect(await ask(gate.url, '/two', { body, key, headers })).toMatchObject({
      status: 200,
      headers: { connection: 'close' },
    });
    expect(await ask(gate.url, '/two', { body, headers })).toMatchObject({
      status: 401,
      headers: { connection: 'close' },
    });
    gate.access.putGate({ drain: false });
    expect((await ask(gate.url, '/two', { body, key, headers })).headers.connection).toBe('keep-alive');
  });
});
