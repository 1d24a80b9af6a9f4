import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** JSON-RPC code of the gateway for a missing or wrong key. */
const WRONG_KEY = -32051;

/** Responds to every request on stdin with the reason why no tool can be used, so that a client shows it instead of a tool that fails later. */
export function rejectStdio(reason: string, { stdin, stdout }: { stdin: Readable; stdout: Writable }): void {
  createInterface({ input: stdin }).on('line', (line) => {
    try {
      const { id } = JSON.parse(line) as { id?: string | number };
      if (id === undefined) return;
      stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code: WRONG_KEY, message: reason } })}\n`);
    } catch {
      // Not a message, so there is no request to respond to.
    }
  });
}
