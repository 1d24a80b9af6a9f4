import { createParser } from 'eventsource-parser';
import { takeMessage, type ReadReply } from './read-reply.ts';

const MAX_EVENTS_NAMED = 5;

/** What a legacy stream has sent so far. */
export interface SseInbox {
  /** The data of its `endpoint` event. */
  endpoint: string | null;
  /** Names of its other events; the first few. */
  events: string[];
  /** The request that is waiting for its reply. */
  pending: { id: number; read: ReadReply } | null;
  /** Set when the stream has ended; `error`: why it was interrupted. */
  ended: { error: unknown } | null;
  /** Reads the stream to its end. Never throws. */
  fill(body: AsyncIterable<Uint8Array>): Promise<void>;
  /** Fulfils when `isMet`, or when the stream has ended. Throws the reason of the signal when it aborts. */
  waitUntil(isMet: () => boolean, signal: AbortSignal): Promise<void>;
}

export function createSseInbox(): SseInbox {
  let changed = Promise.withResolvers<undefined>();
  const announce = () => {
    const { resolve } = changed;
    changed = Promise.withResolvers();
    resolve(undefined);
  };
  const inbox: SseInbox = {
    endpoint: null,
    events: [],
    pending: null,
    ended: null,
    async fill(body) {
      const decoder = new TextDecoder();
      const parser = createParser({
        onEvent({ event, data }) {
          if (event === 'endpoint') inbox.endpoint ??= data.trim();
          else if (inbox.events.length < MAX_EVENTS_NAMED) inbox.events.push(event ?? 'message');
          if (event !== 'endpoint' && inbox.pending !== null) takeMessage(inbox.pending.read, data, inbox.pending.id);
        },
      });
      try {
        for await (const chunk of body) {
          parser.feed(decoder.decode(chunk, { stream: true }));
          announce();
        }
        inbox.ended = { error: null };
      } catch (error) {
        inbox.ended = { error };
      }
      announce();
    },
    async waitUntil(isMet, signal) {
      const aborted = Promise.withResolvers<never>();
      aborted.promise.catch(() => undefined);
      const abort = () => {
        aborted.reject(signal.reason as Error);
      };
      signal.addEventListener('abort', abort, { once: true });
      try {
        signal.throwIfAborted();
        while (!isMet() && inbox.ended === null) await Promise.race([changed.promise, aborted.promise]);
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
  };
  return inbox;
}
