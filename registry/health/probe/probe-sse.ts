import { resolveMessageEndpoint } from '../../contract/gate/resolve-message-endpoint.ts';
import { joinSignals } from '../transport/deadline.ts';
import { findEvent } from '../transport/find-event.ts';
import type { RecordingFetch } from '../transport/recording-fetch.ts';

const MAX_BYTES = 16_384;

/** Opens a legacy SSE endpoint, reads its `endpoint` event and closes it. Returns whether it is such an endpoint. Throws when no reply came. */
export async function detectSse(
  recording: RecordingFetch,
  url: string,
  query: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<boolean> {
  const joined = joinSignals(signal);
  const reply = await recording.fetch(url + query, {
    headers: { ...headers, accept: 'text/event-stream' },
    signal: joined.signal,
  });
  try {
    if (reply.status !== 200 || reply.body === null) return false;
    if (!/^text\/event-stream/i.test(reply.headers.get('content-type') ?? '')) return false;
    const body = reply.body as unknown as AsyncIterable<Uint8Array>;
    const written = await findEvent(body, MAX_BYTES, ({ event, data }) =>
      event === 'endpoint' ? data.trim() : undefined,
    );
    return written !== undefined && resolveMessageEndpoint(written, new URL(url).pathname) !== undefined;
  } finally {
    joined.done();
    joined.abort(undefined);
    await reply.body?.cancel().catch(() => undefined);
  }
}
