// A process: an ordinary server on the official SDK 1.x, stateless, JSON replies, a new server for each request, as its examples do. Port: PORT.
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

function makeServer(): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  server.registerTool(
    'echo',
    { description: 'Gives back what it got', inputSchema: { message: z.string() } },
    ({ message }) => ({
      content: [{ type: 'text', text: `Echo: ${message}` }],
    }),
  );
  return server;
}

createServer((request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(405).end();
    return;
  }
  const server = makeServer();
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.on('close', () => void server.close());
  void server
    .connect(transport as Parameters<McpServer['connect']>[0])
    .then(() => transport.handleRequest(request, response));
}).listen(Number(process.env['PORT']), '127.0.0.1');
