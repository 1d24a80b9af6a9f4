import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RegistryError } from '../../lib/errors.ts';

/** A server that listens. */
export interface Listening {
  server: Server;
  /** For example `http://127.0.0.1:7860`. */
  url: string;
  /** Accepts no new connections, lets running requests finish for at most `graceMs`, then closes them. */
  close(graceMs?: number): Promise<void>;
}

/** NGINX keeps idle connections for 60 s: the registry must not close one first, or a request in transit is lost. */
const KEEP_ALIVE_MS = 75_000;

/** Listens on `port` (0: any free one). Throws RegistryError `unavailable` when it is taken or not allowed. */
export async function listen(app: RequestListener, at: { host: string; port: number }): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 60_000 }, app);
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const what = cause.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${cause.message})`;
      reject(
        new RegistryError('unavailable', `the address ${at.host}:${at.port} ${what}`, {
          cause,
          hint: 'Stop that program, or change REGISTRY_PORT or REGISTRY_HOST.',
        }),
      );
    });
    server.listen(at.port, at.host);
  });
  const { address, family, port } = server.address() as AddressInfo;
  return {
    server,
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: (graceMs = 2_000) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => {
          server.closeAllConnections();
        }, graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
