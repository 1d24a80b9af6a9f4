import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * Many light MCP servers in one process, for benches: each port answers the legacy handshake with sessions, and lists `tools` tools.
 * Prints one line of JSON with the ports when all listen.
 */
const [count = 1000, tools = 10] = process.argv.slice(2).map(Number);
const WORDS = 'weather mail calendar file search invoice ticket image route payment contact note'.split(' ');

function listTools(server: number): unknown[] {
  return Array.from({ length: tools }, (_, index) => {
    const word = WORDS[(server + index) % WORDS.length] ?? '';
    return {
      name: `${word}_${server}_${index}`,
      description: `Works with ${word} number ${index} of server ${server}. Reads and writes records by their name.`,
      inputSchema: { type: 'object', properties: { name: { type: 'string', description: 'Name of the record' } } },
    };
  });
}

const open = new Set<string>();
let serial = 0;
function answer(server: number, request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'DELETE') {
    open.delete(String(request.headers['mcp-session-id']));
    response.writeHead(200).end();
    return;
  }
  if (request.url !== '/mcp' || request.method !== 'POST') {
    response.writeHead(request.url === '/mcp' ? 405 : 404).end();
    return;
  }
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const { id, method } = JSON.parse(body) as { id?: number; method: string };
    if (id === undefined) {
      response.writeHead(202).end();
      return;
    }
    const results: Record<string, unknown> = {
      initialize: {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: `light ${server}`, version: '1' },
      },
      'tools/list': { tools: listTools(server) },
    };
    const result = results[method];
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (method === 'initialize') {
      const session = `s${(serial += 1)}`;
      open.add(session);
      headers['mcp-session-id'] = session;
    }
    const error = { code: -32601, message: 'no such method' };
    response.writeHead(result === undefined ? 404 : 200, headers);
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...(result === undefined ? { error } : { result }) }));
  });
}

const ports = await Promise.all(
  Array.from({ length: count }, (_, server) => {
    const listener = createServer((request, response) => {
      answer(server, request, response);
    });
    return new Promise<number>((resolve) => {
      listener.listen(0, '127.0.0.1', () => {
        resolve((listener.address() as { port: number }).port);
      });
    });
  }),
);
console.log(JSON.stringify(ports));
// Anything on stdin asks how many sessions are open.
process.stdin.on('data', () => {
  console.log(JSON.stringify({ sessions: open.size }));
});
process.stdin.on('end', () => process.exit());
