import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A backend that answers every request with `text`. */
export async function startBackend(
  text: string,
  host = '127.0.0.1',
  port = 0,
): Promise<{ url: string; port: number; server: Server; close(): Promise<void> }> {
  const server = createServer((_request, reply) => reply.end(text));
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${bound}`,
    port: bound,
    server,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
