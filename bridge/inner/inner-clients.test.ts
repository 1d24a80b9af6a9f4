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
type Handle = (asked: Rpc | undefined, request: IncomingMessage, response: ServerResponse) => boolean;

// A gateway on a unix socket with a server of the era with sessions behind it.
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
  const asked = body === '' ? undefined : (JSON.parse(body) as Rpc);
  if (intercept(asked, request, response)) return;
  if (asked?.method === 'initialize') {
    opened += 1;
    const id = `session-${opened}`;
    open.add(id);
    const result = {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 's', version: '1' },
    };
    send(response, 200, { jsonrpc: '2.0', id: asked.id, result }, { 'mcp-session-id': id });
  } else if (!open.has(session)) send(response, 404, GONE);
  else if (request.method === 'DELETE') {
    open.delete(session);
    response.writeHead(200).end();
  } else if (request.method === 'GET') response.writeHead(405).end();
  else if (asked?.id === undefined) response.writeHead(202).end();
  else {
    called.push(asked.params?.name ?? asked.method);
    send(response, 200, { jsonrpc: '2.0', id: asked.id, result: { content: [{ type: 'text', text: session }] } });
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
  const made = createInnerClients({ ...options, ...more });
  clients.push(made);
  return made;
}
const target = (path = 'weather') => ({ path, era: 'legacy' as const, isSseOnly: false });
const hooks = (signal = new AbortController().signal): CallHooks => ({
  signal,
  ask: () => Promise.resolve({ result: {} }),
  notify: () => undefined,
});
const call = (on: InnerClients, name = 'look', path?: string, signal?: AbortSignal) =>
  on.request(target(path), 'tools/call', { name, arguments: {} }, hooks(signal));

test('a session that has ended is begun again once, and the call made again once', async () => {
  const on = create();
  await call(on);
  open.clear();
  expect(await call(on, 'second')).toMatchObject({ result: { content: [{ text: 'session-2' }] } });
  expect(called).toEqual(['look', 'second']);

  // A server that forgets every session at once.
  let tries = 0;
  intercept = (asked, _request, response) => {
    if (asked?.method !== 'tools/call') return false;
    tries += 1;
    send(response, 404, GONE);
    return true;
  };
  expect(await call(on)).toMatchObject({ error: { code: -32_001 } });
  expect(tries).toBe(2);
});

test.each(['GET', 'a notification'])('a 404 on %s repeats no call', async (what) => {
  const on = create();
  const seen: string[] = [];
  const broken = Promise.withResolvers<undefined>();
  intercept = (asked, request, response) => {
    const isIt = what === 'a notification' ? asked?.method === 'notifications/initialized' : request.method === what;
    if (isIt) {
      send(response, 404, GONE);
      seen.push(what);
      broken.resolve(undefined);
      return true;
    }
    if (asked?.method !== 'tools/call') return false;
    called.push('look');
    // The call fails after what it did, and after the other request was answered.
    void broken.promise.then(() => {
      send(response, 200, { jsonrpc: '2.0', id: asked.id, error: { code: -32_603, message: 'half of it is done' } });
    });
    return true;
  };
  const outcome = await call(on);
  expect(outcome).toHaveProperty('error');
  expect(called.length).toBeLessThanOrEqual(1);
  expect(seen.length).toBeGreaterThan(0);
});

test('an answer of 404 that belongs to no session is no lost session', async () => {
  const on = create();
  let tries = 0;
  intercept = (asked, _request, response) => {
    if (asked?.method !== 'initialize') return false;
    tries += 1;
    send(response, 404, { jsonrpc: '2.0', id: asked.id, error: { code: -32_054, message: 'no such server' } });
    return true;
  };
  expect(await call(on)).toMatchObject({ error: { code: -32_054, message: 'no such server' } });
  expect(tries).toBe(1);
});

/** Holds calls of tools until it is told to answer them. */
function holdCalls() {
  const held: (() => void)[] = [];
  intercept = (asked, _request, response) => {
    if (asked?.method !== 'tools/call') return false;
    held.push(() => send(response, 200, { jsonrpc: '2.0', id: asked.id, result: { content: [] } }));
    return true;
  };
  return held;
}

test('of the sessions that wait for another call, so many are kept of a client, and of all clients', async () => {
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

test('more calls at once than a client may make are refused with a reason', async () => {
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

test('connecting can be given up, and leaves nothing behind', async () => {
  const on = create();
  const closed = Promise.withResolvers<undefined>();
  const asked = Promise.withResolvers<undefined>();
  intercept = (message, _request, response) => {
    if (message?.method !== 'initialize') return false;
    response.once('close', () => closed.resolve(undefined));
    asked.resolve(undefined);
    return true;
  };
  const abort = new AbortController();
  const pending = call(on, 'look', 'hangs', abort.signal);
  await asked.promise;
  abort.abort();
  expect(await pending).toMatchObject({ error: { code: -32_800 } });
  await closed.promise;
  // The next call reconnects.
  intercept = () => false;
  expect(await call(on, 'look', 'hangs')).toHaveProperty('result');
});

test('a server that does not answer when its session is ended is not waited for', async () => {
  const on = create();
  await call(on);
  intercept = (_asked, request) => request.method === 'DELETE';
  const began = performance.now();
  await on.close();
  expect(performance.now() - began).toBeLessThan(10_000);
});

test('where the gateway is not there, nobody is told where its socket is', async () => {
  const on = create({ socket: join(folder, 'none.sock') });
  const outcome = await call(on);
  expect(outcome).toMatchObject({ error: { message: expect.stringContaining('does not answer') as string } });
  expect(JSON.stringify(outcome)).not.toContain(folder);
});
