import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import { liveMessage, type LiveMessage, type SessionView } from '../../../registry/contract/index.ts';
import { Events } from '../../../registry/lib/events.ts';
import { createLive, type Live, type LiveOptions } from '../../../registry/live/create-live.ts';
import { Catalogue } from './live-catalogue.ts';
import { createServerView } from '../registry/create-server-view.ts';

/** One connection, and all messages that it received. */
class Client {
  readonly socket: WebSocket;
  readonly messages: LiveMessage[] = [];
  closed: { code: number; reason: string } | undefined;
  constructor(url: string, headers: Record<string, string>) {
    this.socket = new WebSocket(url, { headers });
    this.socket.on('message', (data: Buffer) => this.messages.push(liveMessage.parse(JSON.parse(data.toString()))));
    this.socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    this.socket.on('error', () => undefined);
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

/** The hub with its own upgrade server; its dependencies are created before each test of the file that calls this. */
export interface PreparedLive {
  catalogue: Catalogue;
  events: Events;
  http: Server;
  live: Live;
  url: string;
  sessions: Map<string, SessionView>;
  warnings: string[];
  start: (options?: Partial<LiveOptions>) => Promise<void>;
  stop: () => Promise<void>;
  change: (path: string, description: string) => void;
  /** Opens a connection as "ada", or with other headers; `query` begins with "?". */
  open: (headers?: Record<string, string>, query?: string) => Client;
  /** A client that completes the handshake and then never reads or sends anything. */
  connectDeaf: () => Promise<Socket>;
}

export function prepareLive(): PreparedLive {
  const clients: Client[] = [];
  const on = {
    warnings: [] as string[],
    async start(options = {}) {
      on.live = createLive({
        events: on.events,
        source: on.catalogue.source,
        authenticate: async (request) => on.sessions.get(request.headers.authorization ?? '') ?? null,
        allowsOrigin: (origin) => origin === 'https://gateway.example.com',
        log: { warn: (_facts, message) => on.warnings.push(message) },
        flushMs: 5,
        statsMs: 10,
        ...options,
      });
      const { live } = on;
      on.http = createServer().on('upgrade', (request, socket, head) => live.upgrade(request, socket, head));
      on.http.listen(0, '127.0.0.1');
      await once(on.http, 'listening');
      on.url = `ws://127.0.0.1:${(on.http.address() as AddressInfo).port}/ws`;
    },
    async stop() {
      await on.live.close();
      on.http.close();
      on.http.closeAllConnections();
    },
    change(path, description) {
      const server = createServerView(path, description);
      const isNew = !on.catalogue.servers.has(path);
      on.catalogue.servers.set(path, server);
      on.events.emit(isNew ? 'server.registered' : 'server.changed', { serverId: server.id, path });
    },
    open(headers = { authorization: 'ada' }, query = '') {
      const client = new Client(on.url + query, headers);
      clients.push(client);
      return client;
    },
    async connectDeaf() {
      const { port } = on.http.address() as AddressInfo;
      const socket = connect({ port, host: '127.0.0.1' });
      socket.write(
        'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: ada\r\n\r\n',
      );
      await once(socket, 'readable');
      socket.on('error', () => undefined);
      return socket;
    },
  } as PreparedLive;

  beforeEach(() => {
    on.catalogue = new Catalogue();
    on.events = new Events();
    on.warnings.length = 0;
    on.sessions = new Map([['ada', { kind: 'user', name: 'ada', role: 'admin', expiresAt: null }]]);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.terminate();
    await on.stop();
  });
  return on;
}
