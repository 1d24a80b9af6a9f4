import type { Dispatcher } from 'undici';
import { HOST_OVERRIDE } from './guarded-agent.ts';

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

function pick(text: string): Record<string, unknown> | undefined {
  try {
    const message = JSON.parse(text) as Record<string, unknown> | null;
    return message?.['jsonrpc'] === '2.0' && message['id'] === 1 ? message : undefined;
  } catch {
    return undefined;
  }
}

/** The first whole event with the reply in the beginning of an SSE stream. */
function pickEvent(text: string): Record<string, unknown> | undefined {
  const blocks = text.replace(/\r\n?/g, '\n').split('\n\n').slice(0, -1);
  for (const block of blocks) {
    const data = block.split('\n').filter((line) => line.startsWith('data:'));
    const found = pick(data.map((line) => line.slice('data:'.length)).join('\n'));
    if (found !== undefined) return found;
  }
  return undefined;
}

function first(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

/**
 * One MCP request with the id 1, with as little as undici can do it: a sweep of 1,000 servers makes thousands. Reads no more of the reply
 * than is needed. Throws what the network throws.
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
  const isStream = /^text\/event-stream/i.test(first(reply.headers['content-type']) ?? '');
  const answered = { status, sessionId: first(reply.headers['mcp-session-id']) };
  if (status !== 200 || request.method === 'DELETE') {
    await body.dump({ limit: MAX_BYTES });
    return { ...answered, message: undefined };
  }
  let text = '';
  for await (const chunk of body as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8');
    const found = isStream ? pickEvent(text) : undefined;
    // Leaving the loop destroys the stream and with it the connection.
    if (found !== undefined) return { ...answered, message: found };
    if (text.length > MAX_BYTES) return { ...answered, message: undefined };
  }
  return { ...answered, message: isStream ? pickEvent(`${text}\n\n`) : pick(text) };
}
