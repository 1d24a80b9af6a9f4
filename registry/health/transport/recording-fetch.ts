import { fetch, type Dispatcher } from 'undici';
import { createDeadline, joinSignals } from './deadline.ts';
import { HOST_OVERRIDE } from './guarded-agent.ts';

/** What the last request of a probe came to: the evidence that failures are explained from. */
export interface Evidence {
  /** Method and address of the request, without its query. */
  method: string;
  url: string;
  /** Null while no reply came. */
  status: number | null;
  contentType: string;
  wwwAuthenticate: string;
  /** Where a redirect points, absolute; null when there was none. */
  location: string | null;
  /** The first bytes of the reply's body, as far as they were read. */
  start: string;
  /** Why no reply came or its body broke off. */
  error: unknown;
  /** The reply was cut because it was larger than allowed. */
  tooLarge: boolean;
}

export interface Exchange {
  /** `fetch` for the SDK: through the guard, bounded, remembering what happened. */
  fetch: (input: string | URL, init?: RequestInit) => Promise<Response>;
  /** The last request that is not a mere farewell. */
  last: Evidence | null;
  /** Bytes of all replies so far. */
  received: number;
  /** Aborted when replies were larger than allowed. */
  overflow: AbortSignal;
  /** The session that a reply opened, or null. */
  sessionId: string | null;
}

export interface ExchangeOptions {
  dispatcher: Dispatcher;
  /** Host to send instead of the URL's; null: the URL's. */
  host: string | null;
  maxBytes: number;
  /** Ends every request. */
  signal: AbortSignal;
}

const START_BYTES = 2_000;
const FAREWELL_MS = 1_000;
const REDIRECTS = [301, 302, 303, 307, 308];

/** The reply was larger than a probe reads. */
export class ReplyTooLarge extends Error {
  override readonly name = 'ReplyTooLarge';
}

/** The server points elsewhere; where to is in the evidence. */
export class Redirected extends Error {
  override readonly name = 'Redirected';
}

function watchBody(
  body: ReadableStream<Uint8Array>,
  evidence: Evidence,
  exchange: Exchange,
  { maxBytes, overflow }: { maxBytes: number; overflow: AbortController },
) {
  const decoder = new TextDecoder();
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      exchange.received += chunk.byteLength;
      if (evidence.start.length < START_BYTES)
        evidence.start = (evidence.start + decoder.decode(chunk, { stream: true })).slice(0, START_BYTES);
      if (exchange.received > maxBytes) {
        evidence.tooLarge = true;
        const error = new ReplyTooLarge(`more than ${maxBytes} bytes`);
        // Whoever waits for the reply is told, and waits no longer.
        overflow.abort(error);
        controller.error(error);
      } else controller.enqueue(chunk);
    },
  });
  return body.pipeThrough(watch);
}

/** Makes the `fetch` of one probe: no redirect is followed, no reply is read without bound, and the last one is remembered. */
export function createExchange(options: ExchangeOptions): Exchange {
  const overflow = new AbortController();
  const exchange: Exchange = {
    last: null,
    overflow: overflow.signal,
    received: 0,
    sessionId: null,
    fetch: async (input, init = {}) => {
      const url = new URL(input);
      const method = (init.method ?? 'GET').toUpperCase();
      const evidence: Evidence = {
        method,
        url: url.origin + url.pathname,
        status: null,
        contentType: '',
        wwwAuthenticate: '',
        location: null,
        start: '',
        error: null,
        tooLarge: false,
      };
      // The SDK's GET for a standing stream and the DELETE at the end say nothing about the health of the endpoint.
      const aside = method === 'DELETE' || (method === 'GET' && exchange.last?.method === 'POST');
      if (!aside) exchange.last = evidence;
      const headers = new Headers(init.headers);
      if (options.host !== null) headers.set(HOST_OVERRIDE, options.host);
      try {
        const reply = await fetch(url, {
          method,
          headers: Object.fromEntries(headers),
          ...(typeof init.body === 'string' ? { body: init.body } : {}),
          redirect: 'manual',
          dispatcher: options.dispatcher,
          signal: chooseSignal(method, init.signal ?? null, options.signal),
        });
        evidence.status = reply.status;
        if (method === 'POST') exchange.sessionId ??= reply.headers.get('mcp-session-id');
        evidence.contentType = reply.headers.get('content-type') ?? '';
        evidence.wwwAuthenticate = reply.headers.get('www-authenticate') ?? '';
        if (REDIRECTS.includes(reply.status) && method !== 'DELETE') {
          evidence.location = readLocation(reply.headers.get('location'), url);
          await reply.body?.cancel();
          throw new Redirected(`HTTP ${reply.status}`);
        }
        const body = reply.body as ReadableStream<Uint8Array> | null;
        const hasBody = body !== null && ![204, 205, 304].includes(reply.status);
        return new Response(
          hasBody ? watchBody(body, evidence, exchange, { maxBytes: options.maxBytes, overflow }) : null,
          {
            status: reply.status,
            statusText: reply.statusText,
            headers: Object.fromEntries(reply.headers),
          },
        );
      } catch (error) {
        evidence.error = error;
        throw error;
      }
    },
  };
  return exchange;
}

function readLocation(location: string | null, from: URL): string | null {
  if (location === null || !URL.canParse(location, from.href)) return null;
  return new URL(location, from.href).href;
}

// A farewell is said even when the time of the probe is over: else each check that runs out of time leaves a session behind.
function chooseSignal(method: string, own: AbortSignal | null, probe: AbortSignal): AbortSignal {
  if (method === 'DELETE') return createDeadline(FAREWELL_MS).signal;
  return own === null ? probe : joinSignals(own, probe).signal;
}
