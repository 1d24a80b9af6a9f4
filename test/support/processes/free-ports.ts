import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the ephemeral range (32768 and up on Linux), so that no outgoing connection takes a port between choosing and using it.
const FIRST = 18_000;
const LAST = 32_000;
// Between choosing and using a port nothing listens on it: each worker of Vitest has its own ports, and chooses each once.
const SHARES = 4;
const share = Number(process.env['VITEST_POOL_ID'] ?? 0) % SHARES;
const chosen = new Set<number>();

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** `count` different TCP ports on which nothing listens now, for programs that need their ports beforehand. */
export async function findFreePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(FIRST / SHARES, LAST / SHARES) * SHARES + share;
    if (chosen.has(port) || !(await isFree(port))) continue;
    chosen.add(port);
    found.add(port);
  }
  return [...found];
}

/** One port on which nothing listens. */
export async function findFreePort(): Promise<number> {
  const [port] = await findFreePorts(1);
  if (port === undefined) throw new Error('no free port');
  return port;
}
