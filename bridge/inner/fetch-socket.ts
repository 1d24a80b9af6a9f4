import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

const NO_BODY = [204, 205, 304];

function toResponse(incoming: IncomingMessage): Response {
  const headers = new Headers();
  for (let at = 0; at < incoming.rawHeaders.length; at += 2)
    headers.append(incoming.rawHeaders[at] ?? '', incoming.rawHeaders[at + 1] ?? '');
  const status = incoming.statusCode ?? 502;
  if (NO_BODY.includes(status)) {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(incoming) as ReadableStream, { status, headers });
}

/**
 * `fetch` over a unix socket, each request on its own connection: NGINX closes idle ones at a reload. Bodies are strings, as the transports of
 * MCP send them. Rejects with the error of the socket, or the reason of the signal.
 */
export function createSocketFetch(socketPath: string): typeof fetch {
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const { method = 'GET', body, signal } = init;
      const headers = Object.fromEntries(new Headers(init.headers));
      const path = `${url.pathname}${url.search}`;
      const outgoing = httpRequest({
        socketPath,
        path,
        method,
        agent: false,
        headers: { ...headers, host: 'localhost' },
      });
      const abort = () => outgoing.destroy(signal?.reason as Error);
      if (signal?.aborted === true) abort();
      signal?.addEventListener('abort', abort, { once: true });
      outgoing.once('response', (incoming) => {
        // Errors after the body is no longer read are ignored.
        incoming.on('error', () => undefined);
        resolve(toResponse(incoming));
      });
      outgoing.on('error', reject);
      outgoing.once('close', () => signal?.removeEventListener('abort', abort));
      outgoing.end(typeof body === 'string' ? body : undefined);
    });
}
