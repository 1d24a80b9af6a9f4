import { fetch, type Dispatcher } from 'undici';
import { createDeadline, joinSignals } from './deadline.ts';
import { HOST_OVERRIDE } from './guarded-agent.ts';

/** The outcome of the last request of a probe: the evidence from which failures are explained. */
export interface Evidence {
  /** Method and address of the request, without its query. */
  method: string;
  url: string;
  /** Null until there is a reply. */
  status: number | null;
  contentType: string;
  wwwAuthenticate: string;
  /** Where a redirect points, absolute; null when there was none. */
  location: string | null;
  /** The first bytes of the reply's body, as far as they were read. */
  start: string;
  /** Why there was no reply, or why its body ended early. */
  error: unknown;
  /** The reply was cut because it was larger than allowed. */
  tooLarge: boolean;
}

export interface RecordingFetch {
  /** `fetch` for the SDK: through the guard, bounded, recorded. */
  fetch: (input: string | URL, init?: RequestInit) => Promise<Response>;
  /** The last request that is evidence of the endpoint's health. */
  last: Evidence | null;
  /** Bytes of all replies so far. */
  received: number;
  /** Aborted when replies were larger than allowed. */
  overflow: AbortSignal;
  /** The session that a reply opened, or null. */
  sessionId: string | null;
}

export interface RecordingFetchOptions {
  dispatcher: Dispatcher;
  /** Host to send instead of the URL's; null: the URL's. */
  host: string | null;
  maxBytes: number;
  /** Ends every request. */
  signal: AbortSignal;
}

const START_BYTES = 2_000;
const END_SESSION_MS = 1_000;
const REDIRECTS = [301, 302, 303, 307, 308];

/** The reply was larger than a probe reads. */
export class ReplyTooLarge extends Error {
  override readonly name = 'ReplyTooLarge';
}

/** The server redirects; the location is in the evidence. */
export class Redirected extends Error {
  override readonly name = 'Redirected';
}

function watchBody(
  body: ReadableStream<Uint8Array>,
  evidence: Evidence,
  recording: RecordingFetch,
  { maxBytes, overflow }: { maxBytes: number; overflow: AbortController },
) {
  const decoder = new TextDecoder();
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      recording.received += chunk.byteLength;
      if (evidence.start.length < START_BYTES)
        evidence.start = (evidence.start + decoder.decode(chunk, { stream: true })).slice(0, START_BYTES);
      if (recording.received > maxBytes) {
        evidence.tooLarge = true;
        const error = new ReplyTooLarge(`more than ${maxBytes} bytes`);
        // A caller that waits for the reply need not wait for the timeout.
        overflow.abort(error);
        controller.error(error);
      } else controller.enqueue(chunk);
    },
  });
  return body.pipeThrough(watch);
}

/** Creates the `fetch` of one probe: no redirect is followed, no reply is read without bound, and the last request is recorded. */
export function createRecordingFetch(options: RecordingFetchOptions): RecordingFetch {
  const overflow = new AbortController();
  const recording: RecordingFetch = {
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
      // The SDK's GET for a notification stream and the DELETE at the end are unrelated to the health of the endpoint.
      const isUnrelated = method === 'DELETE' || (method === 'GET' && recording.last?.method === 'POST');
      if (!isUnrelated) recording.last = evidence;
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
        if (method === 'POST') recording.sessionId ??= reply.headers.get('mcp-session-id');
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
          hasBody ? watchBody(body, evidence, recording, { maxBytes: options.maxBytes, overflow }) : null,
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
  return recording;
}

function readLocation(location: string | null, from: URL): string | null {
  if (location === null || !URL.canParse(location, from.href)) return null;
  return new URL(location, from.href).href;
}

// A session is ended even after the deadline of the probe: otherwise each check that times out leaves a session behind.
function chooseSignal(method: string, own: AbortSignal | null, probe: AbortSignal): AbortSignal {
  if (method === 'DELETE') return createDeadline(END_SESSION_MS).signal;
  return own === null ? probe : joinSignals(own, probe).signal;
}
