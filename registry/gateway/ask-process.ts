import { request } from 'node:http';

/** A process that is stopped still accepts connections; only an answer shows that it runs. */
const TIMEOUT_MS = 1_000;

/** Asks what listens at a unix socket for anything over HTTP; returns the milliseconds until it answered, or why it did not. */
export function askProcess(socketPath: string, timeoutMs = TIMEOUT_MS): Promise<{ ms: number } | { problem: string }> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/', method: 'GET', agent: false }, (response) => {
      response.destroy();
      resolve({ ms: performance.now() - startedMs });
    });
    const timer = setTimeout(() => {
      resolve({ problem: `it does not answer within ${timeoutMs / 1_000} s` });
      asked.destroy();
    }, timeoutMs);
    asked.once('close', () => clearTimeout(timer));
    asked.once('error', (error: NodeJS.ErrnoException) =>
      resolve({
        problem: error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? 'it does not run' : error.message,
      }),
    );
    asked.end();
  });
}
