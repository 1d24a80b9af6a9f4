import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { CallHooks } from './inner-client.ts';
import { createInnerClients, type InnerClients, type InnerClientsOptions } from './inner-clients.ts';
import { createInnerSessions } from './inner-sessions.ts';

interface Rpc {
  id?: number | string;
  method: string;
  params?: { name?: string };
}
type Handle = (rpc: Rpc | undefined, request: IncomingMessage, response: ServerResponse) => boolean;

// A gateway on a unix socket, with a server that uses sessions behind it.
const folder = mkdtempSync(join(tmpdir(), 'mcpgw-inner-'));
const socket = join(folder, 'inner.sock');
let intercept: Handle = () => false;
let opened = 0;
let open = new Set<string>();
let called: string[] = [];
let clients: InnerClients[] = [];

const send = (response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}) =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const GONE = { jsonrpc: '2.0', id: null, error: { code: -32_001, message: 'this session has ended' } };

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const session = String(request.headers['mcp-session-id'] ?? '');
  const body = await text(request);
  const rpc = body === '' ? undefined : (JSON.parse(body) as Rpc);
  if (intercept(rpc, request, response)) return;
  if (rpc?.method === 'initialize') {
    opened += 1;
    const id = `session-${opened}`;
    open.add(id);
    const result = {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 's', version: '1' },
    };
    send(response, 200, { jsonrpc: '2.0', id: rpc.id, result }, { 'mcp-session-id': id });
  } else if (!open.has(session)) send(response, 404, GONE);
  else if (request.method === 'DELETE') {
    open.delete(session);
    response.writeHead(200).end();
  } else if (request.method === 'GET') response.writeHead(405).end();
  else if (rpc?.id === undefined) response.writeHead(202).end();
  else {
    called.push(rpc.params?.name ?? rpc.method);
    send(response, 200, { jsonrpc: '2.0', id: rpc.id, result: { content: [{ type: 'text', text: session }] } });
  }
}
const server = createServer((request, response) => void answer(request, response));

beforeAll(() => new Promise<void>((resolve) => server.listen(socket, resolve)));
afterEach(async () => {
  intercept = () => false;
  await Promise.all(clients.map((one) => one.close()));
  clients = [];
  called = [];
  opened = 0;
  open = new Set();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function create(more: Partial<InnerClientsOptions> = {}): InnerClients {
  const options = { socket, capabilities: {}, authorization: () => 'Bearer key', sessions: createInnerSessions() };
  const created = createInnerClients({ ...options, ...more });
  clients.push(created);
  return created;
}
const target = (path = 'weather') => ({ path, era: 'legacy' as const, isSseOnly: false });
const hooks = (signal = new AbortController().signal): CallHooks => ({
  signal,
  requestClient: () => Promise.resolve({ result: {} }),
  notify: () => undefined,
});
const call = (on: InnerClients, name = 'look', path?: string, signal?: AbortSignal) =>
  on.request(target(path), 'tools/call', { name, arguments: {} }, hooks(signal));

test('an ended session is opened again once, and the call is repeated once', async () => {
  const on = create();
  await call(on);
  open.clear();
  expect(await call(on, 'second')).toMatchObject({ result: { content: [{ text: 'session-2' }] } });
  expect(called).toEqual(['look', 'second']);

  // A server that forgets every session immediately.
  let tries = 0;
  intercept = (rpc, _request, response) => {
    if (rpc?.method !== 'tools/call') return false;
    tries += 1;
    send(response, 404, GONE);
    return true;
  };
  expect(await call(on)).toMatchObject({ error: { code: -32_001 } });
  expect(tries).toBe(2);
});

test.each(['GET', 'a notification'])('a 404 on %s does not repeat a call', async (what) => {
  const on = create();
  const seen: string[] = [];
  const broken = Promise.withResolvers<undefined>();
  intercept = (rpc, request, response) => {
    const isMatch = what === 'a notification' ? rpc?.method === 'notifications/initialized' : request.method === what;
    if (isMatch) {
      send(response, 404, GONE);
      seen.push(what);
      broken.resolve(undefined);
      return true;
    }
    if (rpc?.method !== 'tools/call') return false;
    called.push('look');
    // The call fails after its effect, and after the response to the other request.
    void broken.promise.then(() => {
      send(response, 200, { jsonrpc: '2.0', id: rpc.id, error: { code: -32_603, message: 'half of it is done' } });
    });
    return true;
  };
  const outcome = await call(on);
  expect(outcome).toHaveProperty('error');
  expect(called.length).toBeLessThanOrEqual(1);
  expect(seen.length).toBeGreaterThan(0);
});

test('a 404 that belongs to no session does not count as a lost session', async () => {
  const on = create();
  let tries = 0;
  intercept = (rpc, _request, response) => {
    if (rpc?.method !== 'initialize') return false;
    tries += 1;
    send(response, 404, { jsonrpc: '2.0', id: rpc.id, error: { code: -32_054, message: 'no such server' } });
    return true;
  };
  expect(await call(on)).toMatchObject({ error: { code: -32_054, message: 'no such server' } });
  expect(tries).toBe(1);
});

/** Holds tool calls; the returned functions send their responses. */
function holdCalls() {
  const held: (() => void)[] = [];
  intercept = (rpc, _request, response) => {
    if (rpc?.method !== 'tools/call') return false;
    held.push(() => send(response, 200, { jsonrpc: '2.0', id: rpc.id, result: { content: [] } }));
    return true;
  };
  return held;
}

test('the number of idle sessions is limited, per client and for all clients together', async () => {
  const held = holdCalls();
  const sessions = createInnerSessions(5);
  const [one, other] = [create({ maxIdle: 3, sessions }), create({ maxIdle: 3, sessions })];
  const callMany = async (on: InnerClients) => {
    const calls = Array.from({ length: 6 }, () => call(on));
    await vi.waitFor(() => expect(held).toHaveLength(6));
    for (const go of held.splice(0)) go();
    await Promise.all(calls);
  };
  await callMany(one);
  await vi.waitFor(() => expect(open.size).toBe(3));
  await callMany(other);
  await vi.waitFor(() => expect(open.size).toBe(5));
  await Promise.all([one.close(), other.close()]);
  expect(open.size).toBe(0);
});

test('concurrent calls above the limit of a client are refused with a reason', async () => {
  const held = holdCalls();
  const on = create({ maxCalls: 2 });
  const calls = [call(on), call(on)];
  await vi.waitFor(() => expect(held).toHaveLength(2));
  expect(await call(on)).toMatchObject({ error: { message: expect.stringContaining('too many calls') as string } });
  for (const go of held.splice(0)) go();
  await Promise.all(calls);
  const next = call(on);
  await vi.waitFor(() => expect(held).toHaveLength(1));
  held[0]?.();
  expect(await next).toHaveProperty('result');
});

test('connecting can be aborted, and leaves no connection behind', async () => {
  const on = create();
  const closed = Promise.withResolvers<undefined>();
  const received = Promise.withResolvers<undefined>();
  intercept = (message, _request, response) => {
    if (message?.method !== 'initialize') return false;
    response.once('close', () => closed.resolve(undefined));
    received.resolve(undefined);
    return true;
  };
  const abort = new AbortController();
  const pending = call(on, 'look', 'hangs', abort.signal);
  await received.promise;
  abort.abort();
  expect(await pending).toMatchObject({ error: { code: -32_800 } });
  await closed.promise;
  // The next call reconnects.
  intercept = () => false;
  expect(await call(on, 'look', 'hangs')).toHaveProperty('result');
});

test('close does not wait for a server that does not respond to the end of its session', async () => {
  const on = create();
  await call(on);
  intercept = (_rpc, request) => request.method === 'DELETE';
  const began = performance.now();
  await on.close();
  expect(performance.now() - began).toBeLessThan(10_000);
});

test('if the gateway is unreachable, the error does not contain the path of its socket', async () => {
  const on = create({ socket: join(folder, 'none.sock') });
  const outcome = await call(on);
  expect(outcome).toMatchObject({ error: { message: expect.stringContaining('does not answer') as string } });
  expect(JSON.stringify(outcome)).not.toContain(folder);
});
