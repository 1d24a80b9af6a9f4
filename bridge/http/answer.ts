import type { IncomingMessage, ServerResponse } from 'node:http';
import { BridgeError } from '../bridge-error.ts';
import type { Id } from '../connection/message.ts';
import { toRpcError } from '../connection/rpc-error.ts';

/** Sends JSON. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Responds to a request that could not be forwarded: 503 in the format of the gateway's own errors, never a status with a meaning in the protocol. */
export function answerUnavailable(response: ServerResponse, error: unknown, id: Id | null): void {
  const known =
    error instanceof BridgeError
      ? error
      : new BridgeError('program_failed', 'the bridge failed', 'See the log of the bridge.');
  sendJson(response, 503, { jsonrpc: '2.0', id, error: toRpcError(known) });
}

const MAX_BODY_BYTES = 17 * 1024 * 1024;

/** Reads a JSON body. Undefined: it is too large or not JSON, and an error response was sent. */
export async function readJson(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<{ body: unknown } | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      sendJson(response, 413, { jsonrpc: '2.0', id: null, error: { code: -32_600, message: 'the body is too large' } });
      return undefined;
    }
    chunks.push(chunk);
  }
  try {
    return { body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown };
  } catch {
    sendJson(response, 400, { jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'the body is not JSON' } });
    return undefined;
  }
}
