// A process: a minimal gateway in Node. Looks up a key and forwards over keep-alive connections; reads no body. PORT, UPSTREAM, KEY.
import { Agent, createServer, request as sendRequest } from 'node:http';
import { pipeline } from 'node:stream';

const known = new Set([`Bearer ${process.env['KEY'] ?? ''}`]);
const agent = new Agent({ keepAlive: true });
const port = Number(process.env['UPSTREAM']);

createServer((request, response) => {
  const { authorization = '', connection: _, ...headers } = request.headers;
  if (!known.has(authorization)) {
    response.writeHead(401).end();
    return;
  }
  const outgoing = sendRequest(
    { agent, host: '127.0.0.1', port, path: request.url, method: request.method, headers },
    (reply) => {
      // The client may have disconnected meanwhile.
      if (response.destroyed) {
        reply.resume();
        return;
      }
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      pipeline(reply, response, () => undefined);
    },
  );
  outgoing.on('error', () => response.destroy());
  request.pipe(outgoing);
}).listen(Number(process.env['PORT']), '127.0.0.1');
