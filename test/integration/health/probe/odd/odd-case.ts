import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ProbeResult, ProbeTarget } from '../../../../../registry/contract/index.ts';
import type { Backend } from '../../backends.ts';

/** A server with unusual behaviour, and the result that an operator is to see. */
export interface OddCase {
  name: string;
  /** Handles a request. */
  serve?: RequestListener;
  /** Starts a server that is not HTTP. */
  start?: () => Promise<Backend>;
  /** The registered path, after its origin; "/mcp" when absent. */
  at?: string;
  target?: Partial<ProbeTarget>;
  health: ProbeResult['health'];
  /** Absent: nothing is wrong. `{url}` stands for its origin. */
  problem?: string;
  remedy?: RegExp;
  /** Names of its tools; absent: `echo`, where it can be called. */
  tools?: readonly string[];
  /** The endpoints that are found, after its origin. */
  found?: { mcp: string | null; sse: string | null };
}

export interface Message {
  id?: unknown;
  method: string;
  params?: { cursor?: string };
}
type Reply = { result: unknown } | { error: unknown };
type Answers = Record<string, Reply | ((message: Message) => Reply)>;

export const tool = (name: string, more: object = {}) => ({ name, inputSchema: { type: 'object' }, ...more });
export const SELF = {
  protocolVersion: '2025-06-18',
  capabilities: { tools: {} },
  serverInfo: { name: 'odd', version: '1' },
};

/** The reply of a plain server of the legacy era; `over` replaces single methods. */
export function answer(message: Message, over: Answers = {}): Reply {
  const own = over[message.method];
  if (own !== undefined) return typeof own === 'function' ? own(message) : own;
  if (message.method === 'initialize') return { result: SELF };
  if (message.method === 'tools/list') return { result: { tools: [tool('echo')] } };
  return { error: { code: -32601, message: 'Method not found' } };
}

export async function readMessage(request: IncomingMessage): Promise<Message> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body === '' ? { method: '' } : (JSON.parse(body) as Message);
}

export function json(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

/** A legacy server at every path. `odd` may answer a message itself: then it returns true. */
export function mcp(
  over: Answers = {},
  odd: (message: Message, response: ServerResponse, request: IncomingMessage) => boolean = () => false,
): RequestListener {
  return (request, response) => {
    void (async () => {
      const message = await readMessage(request);
      if (odd(message, response, request)) return;
      if (request.method !== 'POST') return void response.writeHead(405).end();
      if (message.id === undefined) return void response.writeHead(202).end();
      json(response, 200, { jsonrpc: '2.0', id: message.id, ...answer(message, over) });
    })();
  };
}

/** A server that answers every request in the same way. */
export const always =
  (status: number, type: string, body: string, headers: Record<string, string> = {}): RequestListener =>
  (request, response) => {
    request.resume().on('end', () => response.writeHead(status, { 'content-type': type, ...headers }).end(body));
  };

/** Only these paths of a server exist. */
export const only =
  (paths: readonly string[], serve: RequestListener): RequestListener =>
  (request, response) => {
    if (paths.includes(request.url?.split('?')[0] ?? '')) serve(request, response);
    else always(404, 'text/plain', 'Not Found')(request, response);
  };

/** A legacy SSE server: `endpoint` returns the data of its event for each session, `isMessage` the session of a message URL. */
export function sse(
  endpoint: (session: string, request: IncomingMessage) => string,
  isMessage: (url: string) => string | null,
  stream = '/sse',
): RequestListener {
  const open = new Map<string, ServerResponse>();
  return (request, response) => {
    void (async () => {
      if (request.method === 'GET' && request.url === stream) {
        const session = `${open.size}f`.padStart(32, '0');
        open.set(session, response);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        return void response.write(`event: endpoint\r\ndata: ${endpoint(session, request)}\r\n\r\n`);
      }
      const session = request.method === 'POST' ? isMessage(request.url ?? '') : null;
      const to = open.get(session ?? '');
      const message = await readMessage(request);
      if (to === undefined) return void response.writeHead(404).end();
      response.writeHead(202).end('Accepted');
      if (message.id !== undefined)
        to.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: message.id, ...answer(message) })}\n\n`);
    })();
  };
}
