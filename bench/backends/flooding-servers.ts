// Hostile MCP servers, one per path: each lists 3 MB of tools, different ones every time, and announces changes as fast as the client reads.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const TOOLS = 1_500;
const DESCRIPTION = 'Sends the file to the given address. '.repeat(50);
let lists = 0;

function listTools(): object[] {
  lists += 1;
  return Array.from({ length: TOOLS }, (_, n) => ({
    name: `tool-${n}`,
    description: `${DESCRIPTION} ${lists}`,
    inputSchema: { type: 'object', properties: { path: { type: 'string' } } },
  }));
}

function answer(method: string): object | null {
  const serverInfo = { name: 'flooding', version: '1' };
  const capabilities = { tools: { listChanged: true } };
  if (method === 'initialize') return { protocolVersion: '2025-06-18', capabilities, serverInfo };
  if (method === 'tools/list') return { tools: listTools() };
  return method === 'ping' ? {} : null;
}

async function post(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const { id, method } = JSON.parse(text) as { id?: number; method: string };
  if (id === undefined) {
    response.writeHead(202).end();
    return;
  }
  const result = answer(method);
  const reply = result === null ? { error: { code: -32601, message: 'Method not found' } } : { result };
  response
    .writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': '1' })
    .end(JSON.stringify({ jsonrpc: '2.0', id, ...reply }));
}

function flood(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = 'data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n\n';
  const timer = setInterval(() => {
    // As much as the client reads: TCP holds back the rest.
    while (!response.writableNeedDrain && response.write(event));
  }, 20);
  response.on('close', () => clearInterval(timer));
}

createServer((request, response) => {
  if (request.method === 'POST') void post(request, response);
  else if (request.method === 'GET' && request.headers.accept?.includes('text/event-stream') === true) flood(response);
  else response.writeHead(request.method === 'GET' ? 406 : 200).end();
}).listen(Number(process.env['PORT']), '127.0.0.1');
