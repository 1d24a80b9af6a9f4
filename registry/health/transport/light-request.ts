import type { Dispatcher } from 'undici';
import { findEvent } from './find-event.ts';
import { HOST_OVERRIDE } from './guarded-agent.ts';
import { isEventStream } from './media-types.ts';

export interface LightReply {
  status: number;
  sessionId: string | null;
  /** The JSON-RPC reply with id 1, or undefined. */
  message: Record<string, unknown> | undefined;
}

export interface LightRequest {
  url: string;
  method: 'POST' | 'DELETE';
  headers: Record<string, string>;
  body?: string;
  /** Host to send instead of the URL's, or null. */
  host: string | null;
  signal: AbortSignal;
  /** Nothing follows on this connection: it is closed. */
  isLast?: boolean;
}

const MAX_BYTES = 256 * 1024;

function parseReply(text: string): Record<string, unknown> | undefined {
  try {
    const message = JSON.parse(text) as Record<string, unknown> | null;
    return message?.['jsonrpc'] === '2.0' && message['id'] === 1 ? message : undefined;
  } catch {
    return undefined;
  }
}

function first(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

/**
 * One MCP request with the id 1, with the least overhead of undici: a sweep of 1,000 servers sends thousands. Reads no more of the reply
 * than is needed. Throws network errors.
 */
export async function sendLight(dispatcher: Dispatcher, request: LightRequest): Promise<LightReply> {
  const { origin, pathname, search } = new URL(request.url);
  const headers = request.host === null ? request.headers : { ...request.headers, [HOST_OVERRIDE]: request.host };
  const reply = await dispatcher.request({
    origin,
    path: pathname + search,
    method: request.method,
    headers,
    body: request.body ?? null,
    signal: request.signal,
    reset: request.isLast === true,
  });
  const { statusCode: status, body } = reply;
  const isStream = isEventStream(first(reply.headers['content-type']));
  const head = { status, sessionId: first(reply.headers['mcp-session-id']) };
  if (status !== 200 || request.method === 'DELETE') {
    await body.dump({ limit: MAX_BYTES });
    return { ...head, message: undefined };
  }
  const chunks = body as AsyncIterable<Buffer>;
  if (isStream) return { ...head, message: await findEvent(chunks, MAX_BYTES, ({ data }) => parseReply(data)) };
  let text = '';
  for await (const chunk of chunks) {
    text += chunk.toString('utf8');
    // Leaving the loop destroys the stream and with it the connection.
    if (text.length > MAX_BYTES) return { ...head, message: undefined };
  }
  return { ...head, message: parseReply(text) };
}
