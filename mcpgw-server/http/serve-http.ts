import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ListenOptions } from 'node:net';
import { MANAGEMENT_HOST } from '@mcpgw/registry/contract';
import { hostHeaderValidation, originValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { createServer } from '../mcp/create-server.ts';
import { readKey } from './read-key.ts';

export interface HttpOptions {
  /** A unix socket (`path`), or a port on loopback. */
  at: ListenOptions;
  registryUrl: string;
  allowedOriginHosts: readonly string[];
  /** Logs internal errors. */
  report: (error: unknown) => void;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const MAX_BODY_BYTES = 1024 * 1024;
/** Calls in progress may finish within this time before their connections are closed. */
const CLOSE_GRACE_MS = 5_000;

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/**
 * Serves MCP at /mcp in both protocol eras, without sessions: each request gets its own MCP server with the key of that request. Rejects if
 * the address cannot be bound.
 */
export async function serveHttp(options: HttpOptions): Promise<{ url: string; close: () => Promise<void> }> {
  const { registryUrl, report } = options;
  const handler = createMcpHandler(
    ({ requestInfo }) => createServer({ url: registryUrl, key: requestInfo && readKey(requestInfo.headers) }, report),
    { onerror: report, maxRequestBodySize: MAX_BODY_BYTES },
  );
  const serve = toNodeHandler(handler, { onerror: report, maxRequestBodySize: MAX_BODY_BYTES });
  const isHostAllowed = hostHeaderValidation([...LOOPBACK, MANAGEMENT_HOST]);
  const isOriginAllowed = originValidation([...LOOPBACK, ...options.allowedOriginHosts]);

  function handle(request: IncomingMessage, response: ServerResponse): void {
    if (!isHostAllowed(request, response) || !isOriginAllowed(request, response)) return;
    const path = (request.url ?? '').split('?')[0];
    if (path === '/mcp') void serve(request as Parameters<typeof serve>[0], response);
    else if (path === '/healthz') sendJson(response, 200, { status: 'alive' });
    else sendJson(response, 404, { error: 'not found', hint: 'The MCP endpoint is /mcp.' });
  }

  const http = createHttpServer(handle);
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(options.at, resolve);
  });
  const address = http.address();
  return {
    url: address !== null && typeof address === 'object' ? `http://127.0.0.1:${address.port}/mcp` : `unix:${address}`,
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      await handler.close();
      const timer = setTimeout(() => http.closeAllConnections(), CLOSE_GRACE_MS);
      http.closeIdleConnections();
      await closed;
      clearTimeout(timer);
    },
  };
}
