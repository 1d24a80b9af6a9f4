// A process: the minimal server for `auth_request`. Accepts one key (KEY), checks only the header, and responds at once. Port: PORT.
import { createServer } from 'node:http';

const known = new Set([`Bearer ${process.env['KEY'] ?? ''}`]);

createServer((request, response) => {
  response.writeHead(known.has(request.headers.authorization ?? '') ? 204 : 401).end();
}).listen(Number(process.env['PORT']), '127.0.0.1');
