import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ListenOptions } from 'node:net';
import { isLegacyRequest } from '@modelcontextprotocol/server';
import { BridgeError } from '../bridge-error.ts';
import type { Id } from '../connection/message.ts';
import type { Server } from '../servers/create-server.ts';
import type { Servers } from '../servers/create-servers.ts';
import { answerUnavailable, readJson, sendJson } from './answer.ts';
import { createModernHandler, type ModernHandler } from './modern.ts';
import { showProcesses, showStatus } from './show-status.ts';
import { createSseSessions } from './sse-sessions.ts';
import { createStreamableSessions } from './streamable-sessions.ts';

export interface ServeOptions {
  /** A unix socket, which only NGINX and the registry can reach. */
  at: ListenOptions;
  servers: Servers;
  report: (error: unknown) => void;
}

const ROUTE = /^\/([A-Za-z0-9_-]{1,64})\/(mcp|sse|message|status|check|output)$/;
const END_UNUSED_MS = 60_000;
const CLOSE_GRACE_MS = 3_000;

interface Called {
  id: string;
  server: Server;
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
}

function readHeaders(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers.set(name, value);
  return headers;
}

function isLegacy(request: IncomingMessage, body: unknown): Promise<boolean> {
  const { method = 'POST' } = request;
  return isLegacyRequest(new Request('http://bridge.localhost/', { method, headers: readHeaders(request) }), body);
}

function idOf(body: unknown): Id | null {
  const id = typeof body === 'object' && body !== null ? (body as { id?: unknown }).id : undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

/** Serves every server of the bridge at `/<server id>/…`. Rejects when the socket cannot be bound. */
export async function serve({ at, servers, report }: ServeOptions): Promise<{ close: () => Promise<void> }> {
  const streamable = createStreamableSessions();
  const sse = createSseSessions();
  const modern = new WeakMap<Server, ModernHandler>();

  function modernOf(server: Server): ModernHandler {
    const found = modern.get(server) ?? createModernHandler(server, report);
    modern.set(server, found);
    return found;
  }

  async function serveMcp({ id, server, request, response }: Called): Promise<void> {
    if (request.method !== 'POST') return streamable.handle(id, server, { request, response });
    const read = await readJson(request, response);
    if (read === undefined) return;
    const { body } = read;
    if (await isLegacy(request, body)) return streamable.handle(id, server, { request, response, body });
    const handler = modernOf(server);
    try {
      await handler.prepare(request);
    } catch (error) {
      answerUnavailable(response, error, idOf(body));
      return;
    }
    await handler.handle(request as Parameters<typeof handler.handle>[0], response, body);
  }

  const hasProcess = (server: Server) => server.children().some(({ pid }) => pid > 0);
  const readMemory = async (server: Server): Promise<ReadonlyMap<number, number>> =>
    hasProcess(server) ? servers.memory() : new Map();

  async function sendStatus({ id, server, response, query }: Called): Promise<void> {
    const sessions = streamable.count(id) + sse.count(id);
    const memory = await readMemory(server);
    const status = await showStatus(server, { sessions, memory, knownHash: query.get('known') });
    sendJson(response, 200, status);
  }

  const routes: Record<string, (called: Called) => Promise<void> | void> = {
    'GET mcp': serveMcp,
    'POST mcp': serveMcp,
    'DELETE mcp': serveMcp,
    'GET sse': ({ id, server, request, response }) => sse.open(id, server, request, response),
    'POST message': ({ id, request, response }) => sse.receive(id, request, response),
    'GET status': sendStatus,
    'POST check': async (called) => {
      // The problem is part of the status.
      await called.server.check().catch((error: unknown) => {
        if (!(error instanceof BridgeError)) throw error;
      });
      await sendStatus(called);
    },
    'GET output': async ({ server, response, query }) => {
      const memory = await readMemory(server);
      const processes = showProcesses(
        server.children().filter(({ pid }) => pid > 0),
        memory,
      );
      sendJson(response, 200, { processes, lines: server.output.read(Number(query.get('after')) || 0) });
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const [, id = '', kind = ''] = ROUTE.exec(path) ?? [];
    const route = routes[`${request.method} ${kind}`];
    if (path === '/healthz') {
      sendJson(response, 200, { status: 'alive' });
      return;
    }
    if (route === undefined) {
      sendJson(response, kind === '' ? 404 : 405, { error: 'there is nothing here' });
      return;
    }
    const server = servers.find(id);
    if (server === undefined) {
      const hint = 'An administrator allows programs with STDIO_COMMANDS=allow and registers the server.';
      answerUnavailable(response, new BridgeError('program_not_allowed', 'this server may not run here', hint), null);
      return;
    }
    await route({ id, server, request, response, query: new URLSearchParams(query) });
  }

  const http = createHttpServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      report(error);
      if (response.headersSent) response.destroy();
      else answerUnavailable(response, error, null);
    });
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(at, resolve);
  });
  const timer = setInterval(() => streamable.endUnused(), END_UNUSED_MS);
  return {
    close: async () => {
      clearInterval(timer);
      const closed = new Promise((resolve) => http.close(resolve));
      await Promise.all([streamable.close(), sse.close(), servers.close()]);
      const late = setTimeout(() => http.closeAllConnections(), CLOSE_GRACE_MS);
      http.closeIdleConnections();
      await closed;
      clearTimeout(late);
    },
  };
}
