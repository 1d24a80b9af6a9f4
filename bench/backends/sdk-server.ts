// A process: an ordinary server on the official SDK 1.x, stateless, JSON replies, a new server for each request, as its examples do. Port: PORT.
import { createServer } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const ECHO = {
  name: 'echo',
  description: 'Returns its input',
  inputSchema: { type: 'object' as const, properties: { message: { type: 'string' } }, required: ['message'] },
};

// eslint-disable-next-line @typescript-eslint/no-deprecated -- the low-level class: the path to it is measured, not schemas
function createMcpServer(): Server {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- as above
  const server = new Server({ name: 'bench', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [ECHO] }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({
    content: [{ type: 'text', text: `Echo: ${String(params.arguments?.['message'])}` }],
  }));
  return server;
}

createServer((request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(405).end();
    return;
  }
  const server = createMcpServer();
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.on('close', () => void server.close());
  void server
    .connect(transport as Parameters<typeof server.connect>[0])
    .then(() => transport.handleRequest(request, response));
}).listen(Number(process.env['PORT']), '127.0.0.1');
