import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Proxy {
  /** Base URL without a trailing slash; the rest of a path is sent to the target. */
  url: string;
  /** Closes all connections and accepts no more, like a network failure. */
  cut: () => Promise<void>;
  restore: () => Promise<void>;
  /** Stops forwarding without closing connections, like a cut cable or a hanging proxy. */
  hang: () => void;
  /** Serves new connections again. Earlier ones stay silent. */
  unhang: () => void;
  close: () => Promise<void>;
}

/** A reverse proxy that serves the gateway below `prefix` and strips it, like many ingresses. */
export async function startProxy(target: string, prefix: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const hung = new Set<Socket>();
  let isHanging = false;
  const toUpstream = ({ url = '/', method = 'GET', headers }: IncomingMessage) => ({
    hostname,
    port,
    method,
    headers,
    path: url.startsWith(prefix) ? url.slice(prefix.length) || '/' : '/outside-of-the-prefix',
  });
  /** Stops reading from and writing to a socket. */
  function hangUp(socket: Socket): void {
    hung.add(socket);
    socket.pause();
    socket.removeAllListeners('data').removeAllListeners('readable');
    socket.write = () => true;
  }
  const server = createServer((incoming, outgoing) => {
    if (hung.has(incoming.socket)) return;
    const upstream = request(toUpstream(incoming), (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    upstream.on('error', () => outgoing.destroy());
    incoming.pipe(upstream);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    if (isHanging) hangUp(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (incoming, socket, head) => {
    const upstream = request(toUpstream(incoming));
    upstream.on('error', () => socket.destroy());
    upstream.on('response', (response) => socket.end(`HTTP/1.1 ${response.statusCode ?? 502} Refused\r\n\r\n`));
    upstream.on('upgrade', (response, far, farHead) => {
      const lines = response.rawHeaders.flatMap((name, at, all) =>
        at % 2 === 0 ? [`${name}: ${all[at + 1] ?? ''}`] : [],
      );
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      socket.write(farHead);
      far.write(head);
      far.pipe(socket).pipe(far);
      for (const end of [far, socket])
        end.on('error', () => far.destroy()).on('close', () => (far.destroy(), socket.destroy()));
    });
    upstream.end();
  });
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const { port: own } = server.address() as AddressInfo;
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const hang = () => {
    isHanging = true;
    for (const socket of sockets) hangUp(socket);
  };
  const unhang = () => void (isHanging = false);
  return { url: `http://127.0.0.1:${own}${prefix}`, cut, restore: () => listen(own), hang, unhang, close: cut };
}
