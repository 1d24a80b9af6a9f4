import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import type { Message, Params, RequestMessage } from '../connection/message.ts';
import type { Server } from '../servers/create-server.ts';
import { answerUnavailable, sendJson } from './answer.ts';
import { createSession, type Session } from './session.ts';

/** Streamable HTTP with sessions (protocol versions until 2025-11-25). */
export interface StreamableSessions {
  /** `body` is parsed; undefined for GET and DELETE. */
  handle: (serverId: string, server: Server, exchange: Exchange) => Promise<void>;
  count: (serverId: string) => number;
  /** Ends sessions that no client has used for a long time. */
  endUnused: () => void;
  close: () => Promise<void>;
}

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  body?: unknown;
}

interface Held {
  serverId: string;
  server: Server;
  session: Session;
  transport: NodeStreamableHTTPServerTransport;
  usedAtMs: number;
  /** Open requests, including the stream of a GET. */
  open: number;
}

const UNUSED_MS = 60 * 60_000;
const MAX_SESSIONS = 5_000;

const isInitialize = (body: unknown): body is RequestMessage =>
  typeof body === 'object' && body !== null && (body as { method?: unknown }).method === 'initialize';

/** Creates the sessions of all servers. */
export function createStreamableSessions(): StreamableSessions {
  const sessions = new Map<string, Held>();

  function end(id: string): void {
    const held = sessions.get(id);
    if (held === undefined) return;
    sessions.delete(id);
    held.session.end();
    void held.transport.close();
  }

  function endOldest(): void {
    const unused = [...sessions].filter(([, { open }]) => open === 0);
    const [oldest] = unused.sort(([, one], [, other]) => one.usedAtMs - other.usedAtMs);
    if (oldest !== undefined) end(oldest[0]);
  }

  function create(serverId: string, server: Server): { id: string; held: Held } {
    if (sessions.size >= MAX_SESSIONS) endOldest();
    const id = randomUUID();
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessionclosed: () => end(id),
    });
    const session = createSession({
      server,
      id,
      send: (message, relatedRequestId) =>
        void transport
          .send(message as JSONRPCMessage, relatedRequestId === undefined ? {} : { relatedRequestId })
          // The client closed the stream that it belonged to.
          .catch(() => undefined),
    });
    transport.onmessage = (message) => session.receive(message as Message);
    return { id, held: { serverId, server, session, transport, usedAtMs: performance.now(), open: 0 } };
  }

  async function serve(held: Held, { request, response, body }: Exchange): Promise<void> {
    held.usedAtMs = performance.now();
    held.open += 1;
    held.session.identify(request.headers.authorization);
    const isStream = request.method === 'GET';
    response.once('close', () => {
      held.open -= 1;
      held.usedAtMs = performance.now();
      if (isStream) held.session.setListening(false);
    });
    // Handling a stream lasts as long as the stream.
    if (isStream) onceBegun(response, () => held.session.setListening(true));
    await held.transport.handleRequest(request, response, body);
  }

  async function open(serverId: string, server: Server, exchange: Exchange): Promise<void> {
    const { id, params = {} } = exchange.body as { id: string | number; params?: Params };
    const created = create(serverId, server);
    try {
      await created.held.session.start(params);
    } catch (error) {
      created.held.session.end();
      answerUnavailable(exchange.response, error, id);
      return;
    }
    sessions.set(created.id, created.held);
    await created.held.transport.start();
    await serve(created.held, exchange);
  }

  return {
    async handle(serverId, server, exchange) {
      const { request, response, body } = exchange;
      const id = request.headers['mcp-session-id'];
      const held = typeof id === 'string' ? sessions.get(id) : undefined;
      if (held?.serverId === serverId && held.server === server) return serve(held, exchange);
      if (isInitialize(body) && id === undefined) return open(serverId, server, exchange);
      if (id !== undefined) {
        sendJson(response, 404, {
          jsonrpc: '2.0',
          id: null,
          error: { code: -32_001, message: 'this session has ended; send initialize again, without Mcp-Session-Id' },
        });
        return;
      }
      if (request.method !== 'POST') {
        sendJson(response.setHeader('Allow', 'POST'), 405, noSession(405));
        return;
      }
      sendJson(response, 400, noSession(400));
    },
    count: (serverId) => [...sessions.values()].filter((held) => held.serverId === serverId).length,
    endUnused() {
      for (const [id, { open, usedAtMs }] of [...sessions])
        if (open === 0 && performance.now() - usedAtMs > UNUSED_MS) end(id);
    },
    async close() {
      for (const id of [...sessions.keys()]) end(id);
      await Promise.resolve();
    },
  };
}

/** Calls back once the head of a 200 response is written. */
function onceBegun(response: ServerResponse, begun: () => void): void {
  const writeHead = response.writeHead.bind(response);
  response.writeHead = ((...args: Parameters<typeof response.writeHead>) => {
    const written = writeHead(...args);
    if (response.statusCode === 200) setImmediate(begun);
    return written;
  }) as typeof response.writeHead;
}

function noSession(status: number): object {
  return {
    jsonrpc: '2.0',
    id: null,
    error: { code: -32_000, message: 'Mcp-Session-Id is missing; send initialize first', data: { status } },
  };
}
