import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { liveMessage, type LiveMessage, type LiveStats, type ServerView, type SessionView } from '../contract/index.ts';
import { Events } from '../events.ts';
import { createLive, type Live, type LiveOptions } from './create-live.ts';

const NO_CALLS: LiveStats = {
  requests: 0,
  calls: 0,
  errors: 0,
  refused: 0,
  lastCallAt: null,
  p50Ms: null,
  p95Ms: null,
};

function makeServer(path: string, description = ''): ServerView {
  return {
    id: `id-${path}`,
    path,
    name: path,
    description,
    tags: [],
    instances: [],
    transport: 'auto',
    enabled: true,
    headers: [],
    hostMode: 'upstream',
    timeouts: { connectMs: 1, readMs: 1, sendMs: 1 },
    license: '',
    stars: 0,
    metadata: {},
    declared: 'enabled',
    applied: 'live',
    observed: 'healthy',
    status: 'healthy',
    endpoints: { mcp: true, sse: false },
    era: 'modern',
    protocolVersion: '2026-07-28',
    toolCount: 1,
    lastCheckedAt: null,
    latencyMs: 1,
    error: null,
    gatewayUrl: `http://localhost/${path}/mcp`,
    createdAt: '2026-11-21T00:00:00.000Z',
    updatedAt: '2026-11-21T00:00:00.000Z',
    removedAt: null,
    revision: 1,
  };
}

/** A catalogue in memory, whose reads take a turn of the event loop, as those of a database would. */
class Catalogue {
  readonly servers = new Map<string, ServerView>();
  generation: { number: number; revision: number; setAside: [] } | null = null;
  stats = NO_CALLS;
  reads = 0;
  broken = false;
  readonly source: LiveOptions['source'] = {
    servers: async (ids) => {
      this.reads += 1;
      await new Promise(setImmediate);
      if (this.broken) throw new Error('the disk is gone');
      const all = [...this.servers.values()];
      return structuredClone(ids === undefined ? all : all.filter((server) => ids.includes(server.id)));
    },
    generation: async () => this.generation,
    stats: async () => this.stats,
  };
}

class Client {
  readonly socket: WebSocket;
  readonly messages: LiveMessage[] = [];
  closed: { code: number; reason: string } | undefined;
  constructor(url: string, headers: Record<string, string> = { authorization: 'ada' }) {
    this.socket = new WebSocket(url, { headers });
    this.socket.on('message', (data: Buffer) => this.messages.push(liveMessage.parse(JSON.parse(data.toString()))));
    this.socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    this.socket.on('error', () => undefined);
    clients.push(this);
  }
  async until(type: LiveMessage['type'], count = 1): Promise<void> {
    await vi.waitFor(() => expect(this.of(type).length).toBeGreaterThanOrEqual(count), {
      timeout: 10_000,
      interval: 5,
    });
  }
  of<T extends LiveMessage['type']>(type: T) {
    return this.messages.filter((message) => message.type === type) as Extract<LiveMessage, { type: T }>[];
  }
  /** What a screen would show after all messages. */
  screen(): Map<string, string> {
    const shown = new Map<string, string>();
    for (const message of this.messages) {
      if (message.type === 'snapshot') {
        shown.clear();
        for (const server of message.servers) shown.set(server.path, server.description);
      } else if (message.type === 'server.changed') shown.set(message.server.path, message.server.description);
      else if (message.type === 'server.removed') shown.delete(message.path);
    }
    return shown;
  }
  lastSeq(): number {
    return this.messages.at(-1)?.seq ?? 0;
  }
}

let catalogue: Catalogue;
let events: Events;
let http: Server;
let live: Live;
let url: string;
let sessions: Map<string, SessionView>;
const warnings: string[] = [];
const clients: Client[] = [];

async function start(options: Partial<LiveOptions> = {}): Promise<void> {
  live = createLive({
    events,
    source: catalogue.source,
    authenticate: async (request) => sessions.get(request.headers.authorization ?? '') ?? null,
    allowsOrigin: (origin) => origin === 'https://gateway.example.com',
    log: { warn: (_facts, message) => warnings.push(message) },
    flushMs: 5,
    statsMs: 10,
    ...options,
  });
  http = createServer().on('upgrade', (request, socket, head) => live.upgrade(request, socket, head));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/ws`;
}

async function stop(): Promise<void> {
  await live.close();
  http.close();
  http.closeAllConnections();
}

function change(path: string, description: string): void {
  const server = makeServer(path, description);
  const isNew = !catalogue.servers.has(path);
  catalogue.servers.set(path, server);
  events.emit(isNew ? 'server.registered' : 'server.changed', { serverId: server.id, path });
}

beforeEach(() => {
  catalogue = new Catalogue();
  events = new Events();
  warnings.length = 0;
  sessions = new Map([['ada', { kind: 'user', name: 'ada', role: 'admin', expiresAt: null }]]);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await stop();
});

test('a client gets a snapshot, then what changes', async () => {
  catalogue.servers.set('weather', makeServer('weather', 'old'));
  catalogue.generation = { number: 3, revision: 9, setAside: [] };
  await start();
  const client = new Client(url);
  await client.until('snapshot');
  expect(client.messages[0]).toMatchObject({
    type: 'snapshot',
    servers: [{ path: 'weather', description: 'old' }],
    generation: { number: 3 },
    stats: NO_CALLS,
  });
  change('weather', 'new');
  change('news', 'just here');
  await client.until('server.changed', 2);
  catalogue.servers.delete('weather');
  events.emit('server.removed', { serverId: 'id-weather', path: 'weather' });
  await client.until('server.removed');
  expect(client.screen()).toEqual(new Map([['news', 'just here']]));
  const seqs = client.messages.map((message) => message.seq);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  expect(new Set(seqs).size).toBe(seqs.length);
});

test('a published generation tells which servers turned live, without an event for each', async () => {
  catalogue.servers.set('weather', { ...makeServer('weather'), applied: 'pending', status: 'pending' });
  catalogue.servers.set('news', makeServer('news'));
  await start();
  const client = new Client(url);
  await client.until('snapshot');
  catalogue.servers.set('weather', makeServer('weather'));
  catalogue.generation = { number: 4, revision: 10, setAside: [] };
  events.emit('generation.published', { number: 4, revision: 10, setAside: [] });
  await client.until('generation.published');
  expect(client.of('server.changed').map((message) => [message.server.path, message.server.status])).toEqual([
    ['weather', 'healthy'],
  ]);
  events.emit('generation.failed', { number: 5, revision: 11, error: 'nginx: no' });
  await client.until('generation.failed');
});

test('a thousand quick changes: no update is lost, and far fewer messages are sent', async () => {
  for (let n = 0; n < 20; n++) catalogue.servers.set(`s${n}`, makeServer(`s${n}`, 'first'));
  await start();
  const client = new Client(url);
  await client.until('snapshot');
  for (let n = 0; n < 1_000; n++) {
    change(`s${n % 20}`, `change ${n}`);
    if (n % 100 === 0) await new Promise(setImmediate);
  }
  const expected = new Map([...catalogue.servers.values()].map((server) => [server.path, server.description]));
  await vi.waitFor(() => expect(client.screen()).toEqual(expected), { timeout: 10_000 });
  expect(client.messages.length).toBeLessThan(1_000);
});

test('a client that comes back gets what it missed and nothing else', async () => {
  change('weather', 'a');
  change('news', 'a');
  await start();
  const client = new Client(url);
  await client.until('snapshot');
  change('weather', 'b');
  await client.until('server.changed');
  client.socket.terminate();
  await vi.waitFor(() => expect(live.clients).toBe(0));
  change('weather', 'c');
  change('weather', 'd');
  events.emit('tools.changed', { serverId: 'id-weather', path: 'weather' });
  const again = new Client(`${url}?since=${client.lastSeq()}`);
  await again.until('tools.changed');
  expect(again.messages.map((message) => message.type)).toEqual(['resumed', 'server.changed', 'tools.changed']);
  expect(again.screen()).toEqual(new Map([['weather', 'd']]));
});

test('a number from before a restart, or nonsense, is answered with a snapshot', async () => {
  change('weather', 'a');
  await start();
  const client = new Client(url);
  await client.until('snapshot');
  const { port } = http.address() as AddressInfo;
  await stop();
  expect(client.closed?.code).toBe(1001);
  await start();
  expect((http.address() as AddressInfo).port).not.toBe(port);
  for (const since of [String(client.lastSeq()), '0', '-1', 'x', '99999999999999999999']) {
    const again = new Client(`${url}?since=${since}`);
    await again.until('snapshot');
    expect(again.messages[0]?.type).toBe('snapshot');
  }
});

test('nobody without a session gets in, nor a page of another origin, nor to another address', async () => {
  await start();
  const refused = async (target: string, headers: Record<string, string>) => {
    const socket = new WebSocket(target, { headers });
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    const body: Buffer[] = [];
    for await (const chunk of response) body.push(chunk as Buffer);
    const problem = JSON.parse(Buffer.concat(body).toString()) as { status: number; hint: string };
    expect(problem.status).toBe(response.statusCode);
    expect(problem.hint).not.toBe('');
    return response.statusCode;
  };
  expect(await refused(url, {})).toBe(401);
  expect(await refused(url, { authorization: 'mallory' })).toBe(401);
  expect(await refused(url, { authorization: 'ada', origin: 'https://evil.example.com' })).toBe(403);
  expect(await refused(url.replace('/ws', '/wsx'), { authorization: 'ada' })).toBe(404);
  const client = new Client(url, { authorization: 'ada', origin: 'https://gateway.example.com' });
  await client.until('snapshot');
  expect(live.clients).toBe(1);
});

test('a session that ends closes its sockets and no other', async () => {
  sessions.set('bob', { kind: 'user', name: 'bob', role: 'viewer', expiresAt: null });
  await start();
  const [ada, bob] = [new Client(url), new Client(url, { authorization: 'bob' })];
  await Promise.all([ada.until('snapshot'), bob.until('snapshot')]);
  sessions.delete('bob');
  events.emit('session.ended', { username: 'bob' });
  await vi.waitFor(() => expect(bob.closed).toMatchObject({ code: 4401 }));
  expect(bob.closed?.reason).toContain('log in again');
  change('weather', 'a');
  await ada.until('server.changed');
  expect(bob.of('server.changed')).toEqual([]);
});

test('a session that ran out is seen at the next heartbeat, and heartbeats are visible to pages', async () => {
  await start({ heartbeatMs: 20 });
  const client = new Client(url);
  await client.until('heartbeat', 2);
  sessions.clear();
  await vi.waitFor(() => expect(client.closed?.code).toBe(4401));
});

/** A client that shakes hands and then never reads nor answers anything. */
async function connectDeaf(): Promise<Socket> {
  const { port } = http.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write(
    'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: ada\r\n\r\n',
  );
  await once(socket, 'readable');
  socket.on('error', () => undefined);
  return socket;
}

test('a peer that answers no ping is cut off', async () => {
  await start({ heartbeatMs: 30 });
  const deaf = await connectDeaf();
  await vi.waitFor(() => expect(live.clients).toBe(1));
  await vi.waitFor(() => expect(live.clients).toBe(0));
  deaf.destroy();
});

test('a client that does not read is dropped with a reason, and others go on', async () => {
  await start({ maxBufferedBytes: 100_000 });
  const deaf = await connectDeaf();
  const client = new Client(url);
  await client.until('snapshot');
  await vi.waitFor(() => expect(live.clients).toBe(2));
  // Beyond what the kernel's buffers hold, which is a few megabytes.
  for (let n = 1; live.clients > 1 && n < 400; n++) {
    change('big', `${n}`.padEnd(100_000, '.'));
    await client.until('server.changed', n);
  }
  await vi.waitFor(() => expect(live.clients).toBe(1), { timeout: 5_000 });
  expect(client.closed).toBeUndefined();
  deaf.destroy();
});

test('statistics are told when calls were counted, and not for each of them', async () => {
  await start({ statsMs: 50 });
  const client = new Client(url);
  await client.until('snapshot');
  for (let n = 1; n <= 30; n++) {
    catalogue.stats = { ...NO_CALLS, requests: n, calls: n };
    events.emit('calls.counted', { lines: 1 });
  }
  await client.until('stats.changed');
  expect(client.of('stats.changed')).toMatchObject([{ stats: { calls: 30 } }]);
});

test('while nobody listens nothing is read, and the next client sees all of it', async () => {
  await start();
  for (let n = 0; n < 100; n++) change(`s${n}`, 'x');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(catalogue.reads).toBe(0);
  const client = new Client(url);
  await client.until('snapshot');
  expect(client.screen().size).toBe(100);
});

test('when the state cannot be read, a new client is told and an old one gets the change later', async () => {
  await start();
  const client = new Client(url);
  await client.until('snapshot');
  catalogue.broken = true;
  change('weather', 'a');
  await vi.waitFor(() => expect(warnings).toHaveLength(1));
  const other = new Client(url);
  await vi.waitFor(() => expect(other.closed?.code).toBe(1011));
  catalogue.broken = false;
  await client.until('server.changed');
  expect(client.screen()).toEqual(new Map([['weather', 'a']]));
});

test('a change in the very moment of joining is told without waiting for another', async () => {
  await start();
  const { servers } = catalogue.source;
  // The state is read for the snapshot; before it is sent, a server appears.
  let once = true;
  catalogue.source.servers = async (ids) => {
    const read = await servers(ids);
    if (once) {
      once = false;
      change('weather', 'late');
    }
    return read;
  };
  const client = new Client(url);
  await client.until('server.changed');
  expect(client.of('snapshot')[0]?.servers).toEqual([]);
  expect(client.screen()).toEqual(new Map([['weather', 'late']]));
});
