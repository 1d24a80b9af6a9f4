import { request } from 'node:http';

/** A suspended process still accepts connections; only a response shows that it is running. */
const TIMEOUT_MS = 1_000;

/** Sends an HTTP request to a unix socket; returns the response time in ms, or why there was no response. */
export function pingProcess(socketPath: string, timeoutMs = TIMEOUT_MS): Promise<{ ms: number } | { problem: string }> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const outgoing = request({ socketPath, path: '/', method: 'GET', agent: false }, (response) => {
      response.destroy();
      resolve({ ms: performance.now() - startedMs });
    });
    const timer = setTimeout(() => {
      resolve({ problem: `it does not answer within ${timeoutMs / 1_000} s` });
      outgoing.destroy();
    }, timeoutMs);
    outgoing.once('close', () => clearTimeout(timer));
    outgoing.once('error', (error: NodeJS.ErrnoException) =>
      resolve({
        problem: error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? 'it does not run' : error.message,
      }),
    );
    outgoing.end();
  });
}
