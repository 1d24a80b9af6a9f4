import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';

/** Puts TLS in front of a server on loopback, as a sidecar would. */
export async function serveTls(
  plainUrl: string,
  options: TlsOptions,
): Promise<{ url: string; close: () => Promise<void> }> {
  const { port, pathname } = new URL(plainUrl);
  const sockets = new Set<Socket>();
  const server = createServer(options, (outside) => {
    const inside = connect(Number(port), '127.0.0.1');
    for (const [one, other] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}${pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
