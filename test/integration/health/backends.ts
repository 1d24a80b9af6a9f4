/* eslint-disable @typescript-eslint/no-deprecated -- the old transports and low-level servers are what is tested against */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { Server as LegacyServer } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { createMcpHandler, Server as ModernServer } from '@modelcontextprotocol/server';
import type { Tool } from '../../../registry/contract/index.ts';

export interface Backend {
  url: string;
  port: number;
  /** Connections that are open now. */
  sockets(): number;
  /** MCP sessions that are open now. */
  sessions(): number;
  requests(): number;
  close(): Promise<void>;
}

export const ECHO: Tool = {
  name: 'echo',
  description: 'Says it back.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
};

/** What a test may change while the backend runs. */
export interface Behaviour {
  tools: Tool[];
  listChanged?: boolean;
  /** Called, and waited for, before tools are listed. */
  onList?: () => unknown;
  /** This many requests are cut off before a response. */
  cuts?: number;
  /** This many GETs are answered with 503. */
  busy?: number;
}

async function listen(server: Server | TcpServer, sessions: () => number, port = 0): Promise<Backend> {
  const open = new Set<Socket>();
  let requests = 0;
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
  });
  server.on('request', () => (requests += 1));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    sockets: () => open.size,
    sessions,
    requests: () => requests,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A backend that answers every request by `answer`. */
export const startHttp = (answer: RequestListener, port = 0): Promise<Backend> =>
  listen(createServer(answer), () => 0, port);

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

function legacyServer(behaviour: Behaviour): LegacyServer {
  const server = new LegacyServer(
    { name: 'legacy', version: '1.0.0' },
    { capabilities: { tools: behaviour.listChanged === true ? { listChanged: true } : {} } },
  );
  server.setRequestHandler(ListToolsRequestSchema, async () => {
    await behaviour.onList?.();
    return { tools: behaviour.tools as never };
  });
  return server;
}

export interface StatefulBackend extends Backend {
  /** Notifies every session that the list of tools has changed. */
  announce(): Promise<void>;
}

/** SDK 1.x over Streamable HTTP with sessions. */
export async function startLegacy(behaviour: Behaviour = { tools: [ECHO] }, port = 0): Promise<StatefulBackend> {
  const open = new Map<string, { transport: StreamableHTTPServerTransport; server: LegacyServer }>();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.split('?')[0] !== '/mcp') return response.writeHead(404).end();
    if (behaviour.cuts) {
      behaviour.cuts -= 1;
      return request.socket.destroy();
    }
    if (request.method === 'GET' && behaviour.busy) {
      behaviour.busy -= 1;
      return response.writeHead(503).end();
    }
    const id = request.headers['mcp-session-id'];
    const body = request.method === 'POST' ? await readBody(request) : undefined;
    const known = typeof id === 'string' ? open.get(id) : undefined;
    if (known !== undefined) return known.transport.handleRequest(request, response, body);
    if (typeof id === 'string') return response.writeHead(404).end();
    if ((body as { method?: string } | undefined)?.method !== 'initialize') return response.writeHead(400).end();
    const server = legacyServer(behaviour);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (sessionId) => void open.set(sessionId, { transport, server }),
      onsessionclosed: (sessionId) => void open.delete(sessionId),
    });
    await server.connect(transport);
    await transport.handleRequest(request, response, body);
    return response;
  };
  const backend = await listen(
    createServer((request, response) => void answer(request, response)),
    () => open.size,
    port,
  );
  return {
    ...backend,
    announce: async () => {
      for (const { server } of open.values()) await server.sendToolListChanged();
    },
  };
}

/** SDK 1.x over the old SSE transport; `form` is the form of its endpoint event. */
export async function startSse(
  behaviour: Behaviour = { tools: [ECHO] },
  form: 'root' | 'absolute' | 'relative' = 'root',
): Promise<Backend> {
  const open = new Map<string, SSEServerTransport>();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://x');
    if (request.method === 'GET' && url.pathname === '/sse') {
      if (form !== 'root') {
        const write = response.write.bind(response) as (chunk: string) => boolean;
        const prefix = form === 'absolute' ? `http://${String(request.headers.host)}/` : '';
        response.write = ((chunk: string) => write(chunk.replace('data: /message', `data: ${prefix}message`))) as never;
      }
      const transport = new SSEServerTransport('/message', response);
      open.set(transport.sessionId, transport);
      response.on('close', () => open.delete(transport.sessionId));
      await legacyServer(behaviour).connect(transport);
    } else if (request.method === 'POST' && url.pathname === '/message') {
      await open.get(url.searchParams.get('sessionId') ?? '')?.handlePostMessage(request, response);
    } else response.writeHead(404).end();
  };
  return listen(
    createServer((request, response) => void answer(request, response)),
    () => open.size,
  );
}

/** SDK 2.x that speaks 2026-07-28 and nothing older. */
export async function startModern(behaviour: Behaviour = { tools: [ECHO] }): Promise<StatefulBackend> {
  const handler = createMcpHandler(
    () => {
      const capabilities = { tools: behaviour.listChanged === true ? { listChanged: true } : {} };
      const server = new ModernServer({ name: 'modern', version: '2.0.0' }, { capabilities });
      server.setRequestHandler('tools/list', () => ({ tools: behaviour.tools as never }));
      return server;
    },
    { legacy: 'reject' },
  );
  const answer = toNodeHandler(handler);
  const backend = await startHttp((request, response) => void answer(request as never, response));
  return {
    ...backend,
    announce: () => {
      handler.notify.toolsChanged();
      return Promise.resolve();
    },
  };
}

/** Accepts connections and calls `act` with each. */
export const startTcp = (act: (socket: Socket) => void): Promise<Backend> => listen(createTcpServer(act), () => 0);
