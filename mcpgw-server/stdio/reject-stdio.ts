import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** JSON-RPC code of the gateway for no or a wrong key. */
const WRONG_KEY = -32051;

/** Answers every request on stdin with the reason why nothing can be done, so that a client shows it instead of a tool that fails later. */
export function rejectStdio(reason: string, { stdin, stdout }: { stdin: Readable; stdout: Writable }): void {
  createInterface({ input: stdin }).on('line', (line) => {
    try {
      const { id } = JSON.parse(line) as { id?: string | number };
      if (id === undefined) return;
      stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code: WRONG_KEY, message: reason } })}\n`);
    } catch {
      // Not a message; there is nobody to answer.
    }
  });
}
