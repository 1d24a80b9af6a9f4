import type { InstanceEndpoints } from '../../contract/index.ts';
import { joinSignals } from '../transport/deadline.ts';
import { findEvent } from '../transport/find-event.ts';
import { readMessageEndpoint } from './endpoint-event.ts';
import type { RecordingFetch } from '../transport/recording-fetch.ts';

export type SseEndpoints = Pick<InstanceEndpoints, 'sse' | 'message' | 'messageForm' | 'messageWritten'>;

const MAX_BYTES = 16_384;

/**
 * Opens a legacy SSE endpoint, reads its `endpoint` event and closes it. Returns where messages go, or null when this is no such endpoint.
 * Throws when no reply came.
 */
export async function detectSse(
  recording: RecordingFetch,
  url: string,
  query: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<SseEndpoints | null> {
  const joined = joinSignals(signal);
  const reply = await recording.fetch(url + query, {
    headers: { ...headers, accept: 'text/event-stream' },
    signal: joined.signal,
  });
  try {
    if (reply.status !== 200 || reply.body === null) return null;
    if (!/^text\/event-stream/i.test(reply.headers.get('content-type') ?? '')) return null;
    const body = reply.body as unknown as AsyncIterable<Uint8Array>;
    const written = await findEvent(body, MAX_BYTES, ({ event, data }) =>
      event === 'endpoint' ? data.trim() : undefined,
    );
    const message = written === undefined ? undefined : readMessageEndpoint(written, url);
    return message === undefined ? null : { sse: url, ...message };
  } finally {
    joined.done();
    joined.abort(undefined);
    await reply.body?.cancel().catch(() => undefined);
  }
}
