import { connect } from 'node:net';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, callBody, sendRaw } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';

/** A backend that answers everything with 101 and then echoes bytes. */
async function startSwitching(): Promise<{ url: string; server: Server; upgrades: () => number }> {
  let upgrades = 0;
  const server = createServer();
  server.on('upgrade', (_request, socket) => {
    upgrades += 1;
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: raw\r\nConnection: Upgrade\r\n\r\n');
  });
  server.on('request', (request, reply) => {
    request.resume();
    request.socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: raw\r\nConnection: Upgrade\r\n\r\nraw');
    reply.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, server, upgrades: () => upgrades };
}

describe.each(NGINX_KINDS)('headers through $name NGINX', (kind) => {
  let backend: RecordingBackend;
  let switching: Awaited<ReturnType<typeof startSwitching>>;
  let gate: RunningGate;
  let key: string;
  beforeAll(async () => {
    backend = await startRecordingBackend();
    switching = await startSwitching();
    gate = await startGate(kind, [
      { path: 'weather', instances: [planInstance('i1', `${backend.url}/mcp`)] },
      { path: 'switching', instances: [planInstance('i1', switching.url)] },
    ]);
    key = gate.access.addAgent('bob');
  });
  afterAll(async () => {
    await gate.close();
    await backend.close();
    switching.server.closeAllConnections();
    await new Promise((resolve) => switching.server.close(resolve));
  });

  const body = callBody('echo');
  const last = () => backend.requests.at(-1)?.headers ?? {};

  test('listed headers are forwarded, all others are not', async () => {
    const forwarded = {
      Accept: 'application/json, text/event-stream',
      'User-Agent': 'agent/1',
      'MCP-Protocol-Version': '2025-11-25',
      'Last-Event-ID': '7',
      traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`,
      tracestate: 'a=b',
      baggage: 'c=d',
      'Content-Type': 'application/json',
    };
    const dropped = [
      'X-Forwarded-User',
      'Remote-User',
      'X-Original-URL',
      'X-Rewrite-URL',
      'X-HTTP-Method-Override',
      'X_Api_Key',
      'X-Tenant_Key',
      'X-Api-Key',
      'Cookie',
      'Via',
      'X-Anything',
      'TE',
    ];
    const headers = { ...forwarded, ...Object.fromEntries(dropped.map((name) => [name, 'trailers'])) };
    expect((await ask(gate.url, '/weather', { body, key, headers })).status).toBe(200);
    for (const [name, value] of Object.entries(forwarded)) expect(last()[name.toLowerCase()], name).toBe(value);
    for (const name of dropped) expect(last()[name.toLowerCase()], name).toBeUndefined();
    expect(last().authorization).toBeUndefined();
  });

  test('forwardHeaders of a server are forwarded too, but never a key or a header of the connection', async () => {
    const instances = [{ id: 'i1', up: true }];
    const never = [
      'Authorization',
      'X-Api-Key',
      'X_Api_Key',
      'Host',
      'Mcp-Session-Id',
      'MCP_Param_X',
      'Content_Length',
      'Accept',
    ];
    const forwardHeaders = ['X-Tenant', 'x-user_id', 'Cookie', ...never];
    gate.access.putServer('s0', { instances, forwardHeaders });
    const names = {
      'X-Api-Key': 'k',
      X_Api_Key: 'k',
      MCP_Param_X: 'p',
      Content_Length: '1',
      X_Tenant: 'no',
      'X-Other': 'x',
    };
    const headers = { 'X-Tenant': 'mine', 'X-User_Id': '7', Cookie: 'a=b', Accept: 'application/json', ...names };
    expect((await ask(gate.url, '/weather', { body, key, headers })).status).toBe(200);
    expect(last()).toMatchObject({ 'x-tenant': 'mine', 'x-user_id': '7', cookie: 'a=b' });
    for (const name of ['Authorization', 'Mcp-Session-Id', ...Object.keys(names)])
      expect(last()[name.toLowerCase()], name).toBeUndefined();
    expect(backend.requests.at(-1)?.rawHeaders.filter((name) => name.toLowerCase() === 'accept')).toHaveLength(1);
    // A client cannot override the server's own credential.
    gate.access.putServer('s0', { instances, forwardHeaders, credentials: { 'x-tenant': 'ours' } });
    expect((await ask(gate.url, '/weather', { body, key, headers })).status).toBe(200);
    expect(last()['x-tenant']).toBe('ours');
    gate.access.putServer('s0', { instances });
  });

  test('a credential with a line end is not sent', async () => {
    const before = backend.requests.length;
    gate.access.putServer('s0', { instances: [{ id: 'i1', up: true }], credentials: { 'X-Key': 'a\r\nHost: evil' } });
    const reply = await ask(gate.url, '/weather', { body, key });
    expect(reply.json).toMatchObject({ error: { data: { status: 503, reason: 'server_settings' } } });
    expect(backend.requests.length).toBe(before);
    gate.access.putServer('s0', { instances: [{ id: 'i1', up: true }] });
  });

  test('the query of an instance is encoded as WHATWG requires; one with a control character is not sent', async () => {
    gate.access.putServer('s0', { instances: [{ id: 'i1', up: true, query: 'a="ü"&b=%20' }] });
    expect((await ask(gate.url, '/weather', { body, key })).status).toBe(200);
    expect(backend.requests.at(-1)?.url).toBe('/mcp?a=%22%C3%BC%22&b=%20');
    const before = backend.requests.length;
    for (const query of ['a=b c', 'a\r\nX: y', 'a\u0001']) {
      gate.access.putServer('s0', { instances: [{ id: 'i1', up: true, query }] });
      expect((await ask(gate.url, '/weather', { body, key })).status).toBe(503);
    }
    expect(backend.requests.length).toBe(before);
    gate.access.putServer('s0', { instances: [{ id: 'i1', up: true }] });
  });

  test('Upgrade is refused, and no 101 opens a tunnel', async () => {
    const head = (upgrade: string) =>
      `POST /switching HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nConnection: Upgrade, close\r\nUpgrade: ${upgrade}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    for (const upgrade of ['websocket', 'h2c', 'raw', ' ']) {
      const text = await sendRaw(gate.url, head(upgrade));
      expect(text, upgrade).not.toContain('101 Switching');
      if (upgrade !== ' ') expect(text).toContain('"reason":"upgrade_refused"');
    }
    expect(switching.upgrades()).toBe(0);
  });

  test('two keys, two lengths, or a length beside chunks are refused', async () => {
    const send = (lines: string) =>
      sendRaw(gate.url, `POST /weather HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${lines}\r\n\r\n${body}`);
    const bearer = `Authorization: Bearer ${key}\r\n`;
    expect(await send(`${bearer}${bearer}Content-Length: ${body.length}`)).toContain('400');
    expect(await send(`${bearer}Content-Length: ${body.length}\r\nContent-Length: 1`)).toContain('400');
    expect(await send(`${bearer}Content-Length: ${body.length}\r\nTransfer-Encoding: chunked`)).toContain('400');
  });

  test('the content of a refused body is not read as a request', async () => {
    const before = backend.requests.length;
    const smuggled = `POST /weather HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const outer = `POST /weather HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`;
    const after = `GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    const text = await sendRaw(gate.url, outer + after);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 404']);
    expect(backend.requests.length).toBe(before);
  });

  test('a request without a key is answered before its body arrives', async () => {
    const { hostname, port } = new URL(gate.url);
    const socket = connect(Number(port), hostname);
    const answered = new Promise<string>((resolve, reject) => {
      socket.on('data', (chunk: Buffer) => resolve(chunk.toString()));
      socket.on('error', reject);
    });
    socket.write('POST /weather HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n{');
    expect(await answered).toContain('HTTP/1.1 401');
    socket.destroy();
  });
});
