import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, callBody, sendRaw } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';
import { waitFor } from '../../../support/wait-for.ts';

const JSON_BODY = '{"jsonrpc":"2.0","id":1,"result":{}}';
const answer = (lines: readonly string[]) =>
  [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    `Content-Length: ${JSON_BODY.length}`,
    ...lines,
    '',
    JSON_BODY,
  ].join('\r\n');
/** A reply after the reply, with which a backend would reach the cookies of the UI and the agents of a shared connection. */
const FORGED = 'HTTP/1.1 200 OK\r\nSet-Cookie: mcpgw=stolen; Path=/\r\nContent-Length: 2\r\n\r\n{}';
const INTERIM: Record<string, string> = {
  early: `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${FORGED}`,
  continue: `HTTP/1.1 100 Continue\r\nContent-Length: ${FORGED.length}\r\n\r\n${FORGED}`,
  switching: `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n${FORGED}`,
};
/** Replies that NGINX reads as HTTP/0.9, and some clients as HTTP/1.1. */
const HEADLESS: Record<string, string> = {
  nospace: FORGED.replace(' 200 OK', ' 200OK'),
  version: FORGED.replace('HTTP/1.1', 'HTTP/1.x'),
  linebreak: `\r\n${FORGED}`,
};
const ACCEL = ['Redirect: upstream/s0/i1/mcp', 'Limit-Rate: 1', 'Expires: 0', 'Charset: utf-7'].map(
  (line) => `X-Accel-${line}`,
);
const HIDDEN = [
  'Set-Cookie: a=b',
  'Clear-Site-Data: "*"',
  'Location: http://evil.test/',
  'Refresh: 0; url=http://evil.test/',
  'Alt-Svc: h3="evil.test:443"',
  'Strict-Transport-Security: max-age=1',
  'WWW-Authenticate: Bearer',
  'Proxy-Authenticate: Basic',
  'NEL: {"report_to":"x","max_age":9}',
  'Report-To: {"group":"x"}',
  'Reporting-Endpoints: x="https://evil.test"',
  'Service-Worker-Allowed: /',
  'Upgrade: h2c',
  'Access-Control-Allow-Origin: *',
  'Access-Control-Allow-Private-Network: true',
  'X-Powered-By: evil',
  'Trailer: X-Late',
];
const REPLIES: Record<string, string> = {
  ...INTERIM,
  ...HEADLESS,
  headers: answer([...HIDDEN, ...ACCEL, 'Server: evil', 'Connection: close, X-Gone', 'Server-Timing: db;dur=5']),
  longer: answer([]) + FORGED,
  proxy: 'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 2\r\n\r\n{}',
};

async function startRawBackend(): Promise<{ port: number; server: Server; requestCount: () => number }> {
  let requestCount = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const name = /^\w+ \/(\w+)/.exec(bytes.toString('latin1'))?.[1];
      if (name === undefined) return;
      requestCount += 1;
      socket.end(REPLIES[name] ?? '');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, server, requestCount: () => requestCount };
}

describe.each(NGINX_KINDS)('hostile backends behind $name NGINX', (kind) => {
  let backend: Awaited<ReturnType<typeof startRawBackend>>;
  let gate: RunningGate;
  let key: string;
  const body = callBody('echo');
  beforeAll(async () => {
    backend = await startRawBackend();
    gate = await startGate(
      kind,
      Object.keys(REPLIES).map((path) => ({
        path,
        instances: ['i1', 'i2'].map((id) => planInstance(id, `http://127.0.0.1:${backend.port}/${path}`)),
      })),
    );
    key = gate.access.addAgent('bob');
  });
  afterAll(async () => {
    await gate.close();
    backend.server.close();
  });
  /** Everything that is received on a connection for a call and a request after it. */
  const send = (path: string) =>
    sendRaw(
      gate.url,
      `POST /${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}` +
        'GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );

  test.each(Object.keys(INTERIM))(
    'a 1xx reply (%s) is answered with 503, and the call is sent to no other instance',
    async (path) => {
      const requestCount = backend.requestCount();
      const text = await send(path);
      expect(text).toMatch(/^HTTP\/1\.1 503 /);
      expect(text).toContain('"reason":"broken_reply"');
      expect(text).not.toContain('mcpgw=stolen');
      expect(backend.requestCount()).toBe(requestCount + 1);
    },
  );

  test.each(Object.keys(HEADLESS))('a reply without a status line (%s) is not passed on', async (path) => {
    const requestCount = backend.requestCount();
    const text = await send(path);
    expect(text).not.toContain('HTTP/');
    expect(text).not.toContain('mcpgw=stolen');
    expect(backend.requestCount()).toBe(requestCount + 1);
  });

  test('headers that would control NGINX, the browser of the UI or a client are removed', async () => {
    const reply = await ask(gate.url, '/headers', { key, body });
    expect(reply.text).toBe(JSON_BODY);
    for (const line of [...HIDDEN, ...ACCEL])
      expect(reply.headers, line).not.toHaveProperty(line.split(':')[0]!.toLowerCase());
    expect(reply.headers).toMatchObject({ server: 'nginx', 'server-timing': 'db;dur=5' });
  });

  test('a body longer than its Content-Length is cut; a 407 is answered with 503', async () => {
    expect((await send('longer')).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404']);
    const reply = await ask(gate.url, '/proxy', { key, body });
    expect(reply.json).toMatchObject({ id: 1, error: { data: { status: 503, reason: 'backend_refused' } } });
  });

  test('each call is logged with its outcome', async () => {
    const line = await waitFor('the lines', () => gate.calls().find(({ server }) => server === 'early'));
    expect(line).toMatchObject({ status: 503, verdict: 'refused', reason: 'broken_reply' });
  });
});
