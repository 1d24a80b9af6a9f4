import { randomInt } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { SessionView } from '../contract/index.ts';
import { describeError } from '../lib/errors.ts';
import type { Events } from '../lib/events.ts';
import type { Log } from '../lib/log.ts';
import { CallFeed, type FollowCalls } from './call-feed.ts';
import { Feed } from './feed.ts';
import { CLOSE, LiveClient } from './live-client.ts';
import type { LiveSource } from './live-state.ts';
import { rejectUpgrade } from './reject-upgrade.ts';

export interface LiveOptions {
  events: Events;
  source: LiveSource;
  /** Returns the sender of a request (session cookie or bearer key); null: unknown. Called again while the socket is open, so it must not prolong a session. */
  authenticate: (request: IncomingMessage) => Promise<SessionView | null>;
  /** Whether a page of this Origin may connect; called only when the header is present. */
  allowsOrigin: (origin: string, request: IncomingMessage) => boolean;
  /** Calls as they are stored; absent: calls are not stored. */
  followCalls?: FollowCalls | undefined;
  log: Pick<Log, 'warn'>;
  flushMs?: number;
  statsMs?: number;
  /** Heartbeat interval: a page without a message for longer knows that the registry is frozen or unreachable. */
  heartbeatMs?: number;
  /** How often sessions are checked again and silent peers are disconnected. */
  recheckMs?: number;
  maxClients?: number;
  /** Connections of one user or agent. */
  maxClientsPerIdentity?: number;
  maxBufferedBytes?: number;
  maxFrames?: number;
  maxBytes?: number;
}

export interface Live {
  /** The listener for `server.on('upgrade', …)`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Number of open sockets. */
  readonly clients: number;
  /** Closes every socket and stops. */
  close(): Promise<void>;
}

const MB = 1024 * 1024;
/** Clients only send which calls they follow. */
const MAX_INCOMING_BYTES = 4_096;

function readSince(request: IncomingMessage): number | null {
  const written = new URL(request.url ?? '/', 'http://localhost').searchParams.get('since');
  const since = Number(written);
  return written !== null && /^\d+$/.test(written) && Number.isSafeInteger(since) ? since : null;
}

/**
 * The hub of `/ws`: one JSON message per frame (`LiveMessage`), a snapshot first, then the changes; `?since=<seq>` continues where a
 * client stopped. Sequence numbers begin at a random number at each start, so one of an earlier start is never mistaken for a current one.
 */
export function createLive(options: LiveOptions): Live {
  const { events, authenticate, log } = options;
  const clients = new Set<LiveClient>();
  const joined = new Set<LiveClient>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_INCOMING_BYTES });
  const feed = new Feed({
    events,
    source: options.source,
    firstSeq: randomInt(2 ** 32) * 2 ** 20,
    flushMs: options.flushMs ?? 50,
    statsMs: options.statsMs ?? 2_000,
    maxFrames: options.maxFrames ?? 20_000,
    maxBytes: options.maxBytes ?? 32 * MB,
    hasAudience: () => joined.size > 0,
    publish: (frames) => joined.forEach((client) => client.send(frames)),
    onError: (error) => log.warn({ err: error }, 'live: the state could not be read; trying again'),
  });

  const callFeed = new CallFeed(options.followCalls, () => feed.seq);

  async function recheck(client: LiveClient): Promise<void> {
    try {
      const session = await authenticate(client.request);
      if (session !== null && session.name === client.session.name) client.session = session;
      else client.end(CLOSE.sessionEnded, 'the session ended; log in again');
    } catch (error) {
      client.end(CLOSE.sessionEnded, 'the session could not be checked; connect again');
      log.warn({ err: error }, 'live: a session could not be checked');
    }
  }
  function recheckName(name: string): void {
    for (const client of clients) if (client.session.name === name) void recheck(client);
  }
  const off = [
    events.on('session.ended', ({ username }) => recheckName(username)),
    events.on('user.changed', ({ username }) => recheckName(username)),
    events.on('agent.changed', ({ name }) => recheckName(name)),
    events.on('agent.removed', ({ name }) => recheckName(name)),
  ];

  const heartbeat = setInterval(() => {
    const frame = { seq: feed.seq, text: `{"seq":${feed.seq},"type":"heartbeat"}` };
    for (const client of joined) client.send([frame]);
  }, options.heartbeatMs ?? 5_000);
  const rechecking = setInterval(() => {
    feed.refreshStats();
    for (const client of clients) {
      client.beat();
      void recheck(client);
    }
  }, options.recheckMs ?? 30_000);

  function addClient(socket: WebSocket, request: IncomingMessage, session: SessionView): void {
    const client = new LiveClient(socket, request, session, options.maxBufferedBytes ?? 8 * MB);
    clients.add(client);
    socket.on('error', () => undefined);
    socket.on('message', (data) => callFeed.read(client, (data as Buffer).toString()));
    socket.on('close', () => {
      clients.delete(client);
      joined.delete(client);
      callFeed.leave(client);
    });
    feed
      .join(readSince(request), (frames) => {
        if (!clients.has(client)) return;
        joined.add(client);
        client.send(frames);
      })
      .catch((error: unknown) => {
        log.warn({ err: error }, 'live: the state could not be read for a new client');
        client.end(CLOSE.internal, `the state cannot be read now (${describeError(error)}); connect again`);
      });
  }

  /** Status, detail and hint of the refusal, or the session. */
  async function authorize(request: IncomingMessage): Promise<SessionView | [number, string, string]> {
    if ((request.url ?? '').split('?')[0] !== '/ws')
      return [404, 'there is no WebSocket at this address', 'The live events are at /ws.'];
    const origin = request.headers.origin;
    if (origin !== undefined && !options.allowsOrigin(origin, request))
      return [403, 'this Origin may not connect', 'Open the UI at GATEWAY_URL, or add the origin to ALLOWED_ORIGINS.'];
    const session = await authenticate(request).catch((error: unknown) => {
      log.warn({ err: error }, 'live: a session could not be checked');
      return null;
    });
    if (session === null)
      return [401, 'a session is needed', 'Log in by POST /api/session, or send a key of an agent with a role.'];
    return session;
  }

  function countOf({ kind, name }: SessionView): number {
    let count = 0;
    for (const { session } of clients) if (session.kind === kind && session.name === name) count += 1;
    return count;
  }

  /** Why another connection is refused, or null. */
  function limitConnections(session: SessionView): [number, string, string] | null {
    if (clients.size >= (options.maxClients ?? 500))
      return [503, 'too many live connections', 'Close other windows or try again later.'];
    const maxClients = options.maxClientsPerIdentity ?? 20;
    if (countOf(session) < maxClients) return null;
    return [
      429,
      `${session.kind} "${session.name}" has ${maxClients} live connections already`,
      'Close other windows.',
    ];
  }

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      void authorize(request).then((decision) => {
        if (Array.isArray(decision)) {
          rejectUpgrade(socket, ...decision);
          return;
        }
        // After the last await: the connections of upgrades that were authorized at the same time are already counted.
        const refusal = limitConnections(decision);
        if (refusal === null)
          sockets.handleUpgrade(request, socket, head, (opened) => addClient(opened, request, decision));
        else rejectUpgrade(socket, ...refusal);
      });
    },
    get clients() {
      return clients.size;
    },
    async close() {
      clearInterval(heartbeat);
      clearInterval(rechecking);
      for (const stop of off) stop();
      feed.close();
      callFeed.close();
      for (const client of clients) client.end(CLOSE.goingAway, 'the registry stops; connect again');
      while (clients.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      sockets.close();
    },
  };
}
