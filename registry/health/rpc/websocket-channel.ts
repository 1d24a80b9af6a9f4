import { openWebSocket, UpgradeRefused, type WebSocketOptions } from '../../upstream/index.ts';
import { createDeadline } from '../transport/deadline.ts';
import type { Evidence } from '../transport/recording-fetch.ts';
import { createAnswer, type Answer } from './answer.ts';
import type { Channel, RpcRequest } from './channel.ts';
import { takeMessage, type ReadReply } from './read-reply.ts';

/** A WebSocket that was opened; `channel` is null when that failed, and the answer contains the reason. */
export interface OpenedWebSocket {
  answer: Answer;
  channel: Channel | null;
}

const STEP = 'the WebSocket';

/** The server closed the connection before an answer was received. */
class StreamEnded extends Error {
  override readonly name = 'StreamEnded';
}

function createEvidence(url: string, status: number | null, error: unknown): Evidence {
  const reply = { status, contentType: 'application/json', wwwAuthenticate: '', location: null, start: '' };
  return { method: 'GET', url, ...reply, error, tooLarge: false };
}

/** Opens a WebSocket endpoint. Never throws. `options.url` has the query, `url` has none. */
export async function openWebSocketChannel(
  url: string,
  options: WebSocketOptions,
  signal: AbortSignal,
): Promise<OpenedWebSocket> {
  const opening = createAnswer(STEP, url, options.connectMs);
  const opened = await openWebSocket(options).catch((error: unknown) => ({ error }));
  if ('error' in opened) {
    const { error } = opened;
    const status = error instanceof UpgradeRefused ? error.status : null;
    opening.evidence = createEvidence(url, status, status === null ? error : null);
    opening.error = status === null ? error : null;
    return { answer: opening, channel: null };
  }
  const socket = opened;
  const close = () => {
    socket.terminate();
    return Promise.resolve();
  };
  signal.addEventListener('abort', () => void close(), { once: true });
  let lastId = 0;

  async function request({ method, params, timeoutMs }: RpcRequest): Promise<Answer> {
    lastId += 1;
    const id = lastId;
    const answer = createAnswer(method, url, timeoutMs);
    const read: ReadReply = { reply: null, otherId: null, events: [] };
    const deadline = createDeadline(timeoutMs, signal);
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const take = (data: unknown) => {
      takeMessage(read, (data as Buffer).toString('utf8'), id);
      if (read.reply !== null || read.otherId !== null) resolve(undefined);
    };
    const end = () => reject(new StreamEnded());
    const giveUp = () => reject(deadline.signal.reason as Error);
    socket.on('message', take);
    socket.once('close', end);
    deadline.signal.addEventListener('abort', giveUp, { once: true });
    try {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
      await promise;
    } catch (error) {
      answer.error = error;
    } finally {
      socket.off('message', take);
      socket.off('close', end);
      deadline.done();
    }
    return Object.assign(answer, read, { evidence: createEvidence(url, 101, answer.error) });
  }

  function notify({ method, params, timeoutMs }: RpcRequest): Promise<Answer> {
    socket.send(JSON.stringify({ jsonrpc: '2.0', method, params }), () => undefined);
    return Promise.resolve(
      Object.assign(createAnswer(method, url, timeoutMs), { evidence: createEvidence(url, 101, null) }),
    );
  }
  return { answer: opening, channel: { request, notify, close } };
}
