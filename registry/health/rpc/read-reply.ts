import { createParser } from 'eventsource-parser';
import { isEventStream } from '../transport/media-types.ts';
import type { RpcReply } from './answer.ts';

/** What a body contained for a request. */
export interface ReadReply {
  reply: RpcReply | null;
  otherId: string | null;
  events: string[];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Reads one message into `read`. Requests and notifications of the server are ignored; an error without an id is about our request. */
export function takeMessage(read: ReadReply, text: string, id: number): void {
  const parsed = parse(text);
  for (const message of Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]) {
    if (typeof message !== 'object' || message === null || !('result' in message || 'error' in message)) continue;
    const messageId = (message as { id?: unknown }).id;
    const isOurs = messageId === id || ('error' in message && (messageId === null || messageId === undefined));
    if (isOurs) read.reply ??= message as RpcReply;
    else read.otherId ??= messageId === undefined ? 'none' : JSON.stringify(messageId).slice(0, 80);
  }
}

/** Reads the body of a POST until it has the reply with this id: JSON, or a stream of server-sent events. Throws network errors. */
export async function readReply(response: Response, id: number): Promise<ReadReply> {
  const read: ReadReply = { reply: null, otherId: null, events: [] };
  if (response.body === null) return read;
  if (!isEventStream(response.headers.get('content-type'))) {
    takeMessage(read, await response.text(), id);
    return read;
  }
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent({ event, data }) {
      if (read.events.length < 5) read.events.push(event ?? 'message');
      takeMessage(read, data, id);
    },
  });
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    // Leaving the loop destroys the stream: a server may keep it open.
    if (read.reply !== null) return read;
  }
  // The last event may lack the blank line that ends it.
  parser.feed('\n\n');
  return read;
}
