import { request, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { waitFor } from '../../wait-for.ts';

export interface StreamOptions {
  key: string;
  /** A JSON-RPC message: a POST whose reply streams (a long call, subscriptions/listen). Without it: the GET stream. */
  body?: unknown;
  headers?: Record<string, string>;
  /** PEM certificate of the authority of an https gateway. */
  ca?: string;
}

/** An open stream of events, and what has arrived on it. */
export interface StandingStream {
  status: number;
  headers: IncomingMessage['headers'];
  /** Port of our end of its connection. */
  localPort: number;
  text: () => string;
  /** The numbers of the ticks that have arrived (fixture `ticking`). */
  ticks: () => number[];
  /** The longest time from the sending of a tick to its arrival here, of those that arrived since the last call of `forgetDelays`. */
  longestDelayMs: () => number;
  forgetDelays: () => void;
  /** Null while it is open; `end` when it was ended properly, else the code of the error that cut it. */
  ended: () => string | null;
  /** Waits for this many more ticks; throws when the stream ends before. */
  more: (count: number) => Promise<void>;
  /** Closes it, as an agent that disconnects. */
  leave: () => void;
}

const TICK = /"tick":(\d+),"sentAt":(\d+)/g;

/** Opens a stream on a new connection; resolves when its headers have arrived, with any status. */
export async function openStream(url: string, { key, body, headers = {}, ca }: StreamOptions): Promise<StandingStream> {
  const send = url.startsWith('https:') ? requestHttps : request;
  const sent = send(url, {
    ...(ca !== undefined && { ca }),
    method: body === undefined ? 'GET' : 'POST',
    agent: false,
    headers: {
      authorization: `Bearer ${key}`,
      accept: body === undefined ? 'text/event-stream' : 'application/json, text/event-stream',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
  });
  let ended: string | null = null;
  const cut = (error: NodeJS.ErrnoException) => (ended ??= error.code ?? error.message);
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
  sent.on('error', cut);
  let text = '';
  let read = 0;
  let longestDelayMs = 0;
  const ticks: number[] = [];
  reply.setEncoding('utf8');
  reply.on('data', (chunk: string) => {
    text += chunk;
    TICK.lastIndex = read;
    for (let found = TICK.exec(text); found !== null; found = TICK.exec(text)) {
      // The end of a number may still be in transit.
      if (TICK.lastIndex === text.length) break;
      read = TICK.lastIndex;
      ticks.push(Number(found[1]));
      longestDelayMs = Math.max(longestDelayMs, Date.now() - Number(found[2]));
    }
  });
  reply.on('end', () => (ended ??= 'end'));
  reply.on('error', cut);
  return {
    status: reply.statusCode ?? 0,
    headers: reply.headers,
    localPort: reply.socket.localPort ?? 0,
    text: () => text,
    ticks: () => ticks,
    longestDelayMs: () => longestDelayMs,
    forgetDelays: () => (longestDelayMs = 0),
    ended: () => ended,
    async more(count) {
      const target = ticks.length + count;
      await waitFor(`${count} more ticks`, () => {
        if (ended !== null && ticks.length < target) return `it was ended: ${ended}`;
        return ticks.length >= target && 'here';
      }).then((found) => {
        if (found !== 'here') throw new Error(found);
      });
    },
    leave: () => sent.destroy(),
  };
}
