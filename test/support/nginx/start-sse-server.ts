/* eslint-disable @typescript-eslint/no-deprecated -- the legacy transport is what is served here */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';

/** A server of the legacy SSE transport with SDK 1.x, whose one tool `who` returns its name. */
export async function startSseServer(name: string): Promise<{ url: string; close: () => Promise<void> }> {
  const transports = new Map<string, SSEServerTransport>();
  const server = createServer((request, reply) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    if (request.method === 'GET' && url.pathname === '/sse') {
      const transport = new SSEServerTransport('/messages', reply);
      transports.set(transport.sessionId, transport);
      const mcp = new McpServer({ name, version: '1' });
      mcp.registerTool('who', {}, () => ({ content: [{ type: 'text', text: name }] }));
      void mcp.connect(transport);
      return;
    }
    const transport = transports.get(url.searchParams.get('sessionId') ?? '');
    if (transport === undefined) reply.writeHead(404).end();
    else void transport.handlePostMessage(request, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
