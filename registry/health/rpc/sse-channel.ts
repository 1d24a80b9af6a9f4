import { resolveMessageEndpoint } from '../../contract/gate/resolve-message-endpoint.ts';
import { createDeadline, joinSignals } from '../transport/deadline.ts';
import { isEventStream, POST_HEADERS } from '../transport/media-types.ts';
import { createAnswer, type Answer } from './answer.ts';
import type { Channel, ChannelOptions, RpcRequest } from './channel.ts';
import { applyDialect } from './dialect.ts';
import type { ReadReply } from './read-reply.ts';
import { createSseInbox, type SseInbox } from './sse-inbox.ts';

/** A legacy SSE endpoint that was opened; `channel` is null when that failed, and the answer contains the reason. */
export interface OpenedStream {
  answer: Answer;
  channel: Channel | null;
}

/** The stream of a legacy endpoint ended before the answer to a message was received on it. */
class StreamEnded extends Error {
  override readonly name = 'StreamEnded';
}

/** Opens the stream and waits for its `endpoint` event. Never throws. */
async function open(
  inbox: SseInbox,
  { url, query, headers, recording }: ChannelOptions,
  stream: ReturnType<typeof joinSignals>,
  timeoutMs: number,
): Promise<Answer> {
  const answer = createAnswer('the event stream', url, timeoutMs);
  const opening = createDeadline(timeoutMs, stream.signal);
  const cut = () => {
    stream.abort(opening.signal.reason);
  };
  opening.signal.addEventListener('abort', cut, { once: true });
  try {
    const response = await recording.fetch(url + query, {
      headers: { ...headers, accept: 'text/event-stream' },
      signal: stream.signal,
    });
    const isStream = isEventStream(response.headers.get('content-type'));
    if (response.status === 200 && isStream && response.body !== null) {
      void inbox.fill(response.body);
      await inbox.waitUntil(() => inbox.endpoint !== null, stream.signal);
      answer.error = inbox.ended?.error ?? null;
    } else await response.text();
  } catch (error) {
    answer.error = error;
  } finally {
    opening.signal.removeEventListener('abort', cut);
    opening.done();
  }
  return Object.assign(answer, { evidence: recording.last, events: inbox.events, endpoint: inbox.endpoint });
}

/**
 * Opens a legacy SSE endpoint (MCP 2024-11-05). Messages go to the path that its `endpoint` event names, at the origin of the stream, as the gate
 * sends those of agents. `close` of the channel ends the stream; without a channel it has ended.
 */
export async function openSseChannel(options: ChannelOptions, timeoutMs: number): Promise<OpenedStream> {
  const { url, headers, recording } = options;
  const inbox = createSseInbox();
  const stream = joinSignals(options.signal);
  const close = () => {
    stream.done();
    stream.abort(undefined);
    return Promise.resolve();
  };
  const answer = await open(inbox, options, stream, timeoutMs);
  const target = inbox.endpoint === null ? undefined : resolveMessageEndpoint(inbox.endpoint, new URL(url).pathname);
  if (target === undefined) {
    await close();
    return { answer, channel: null };
  }
  const address = new URL(url).origin + target.path;
  const query = target.query === '' ? '' : `?${target.query}`;
  let lastId = 0;

  async function post({ method, params, dialect, timeoutMs: limitMs }: RpcRequest, id: number | null): Promise<Answer> {
    const sent = createAnswer(method, address, limitMs);
    const read: ReadReply = { reply: null, otherId: null, events: [] };
    if (id !== null) inbox.pending = { id, read };
    const deadline = createDeadline(limitMs, stream.signal);
    try {
      const response = await recording.fetch(address + query, {
        method: 'POST',
        headers: { ...headers, ...POST_HEADERS, ...applyDialect(method, params, dialect).headers },
        body: JSON.stringify({ jsonrpc: '2.0', ...(id === null ? {} : { id }), method, params }),
        signal: deadline.signal,
      });
      if (response.status >= 300) await response.text();
      else {
        await response.body?.cancel();
        if (id !== null) await inbox.waitUntil(() => read.reply !== null || read.otherId !== null, deadline.signal);
        if (id !== null && inbox.ended !== null) sent.error = inbox.ended.error ?? new StreamEnded();
      }
    } catch (error) {
      sent.error = error;
    } finally {
      deadline.done();
      inbox.pending = null;
    }
    return Object.assign(sent, read, { evidence: recording.last, events: inbox.events, endpoint: inbox.endpoint });
  }
  const channel = {
    request: (request: RpcRequest) => post(request, (lastId += 1)),
    notify: (request: RpcRequest) => post(request, null),
    close,
  };
  return { answer, channel };
}
