import { WebSocket } from 'ws';
import { liveMessage, type LiveMessage } from '../../../registry/contract/index.ts';
import { waitFor } from '../wait-for.ts';

type Of<T extends LiveMessage['type']> = Extract<LiveMessage, { type: T }>;

/** Longer than two health sweeps: on a busy machine the first check of a server may fail. */
const LIMIT_MS = 80_000;

/** One connection to `/ws`: all messages in order, each checked against the contract. */
export interface LiveSocket {
  messages: LiveMessage[];
  /** Set when it was closed or refused. */
  ended: { code: number; reason: string } | undefined;
  /** Waits for a message; those before it stay in `messages`. */
  until: <T extends LiveMessage['type']>(type: T, fits?: (message: Of<T>) => boolean) => Promise<Of<T>>;
  /** Sends a message as JSON, once the socket is open. */
  send: (message: object) => void;
  close: () => void;
}

function sumUp(message: LiveMessage): string {
  if (message.type === 'server.changed') return `${message.type} ${message.server.path} ${message.server.status}`;
  return message.type === 'stats.changed' ? `${message.type} ${message.stats.calls}` : message.type;
}

/** Opens `/ws` of the gateway or registry at `url`; `query` begins with "?". */
export function openLive(url: string, headers: Record<string, string>, query = ''): LiveSocket {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws${query}`, { headers });
  const live: LiveSocket = {
    messages: [],
    ended: undefined,
    async until(type, fits = () => true) {
      try {
        const find = () => {
          if (live.ended !== undefined) throw new Error(`closed: ${live.ended.code} ${live.ended.reason}`);
          return live.messages.find((one): one is Of<typeof type> => one.type === type && fits(one as Of<typeof type>));
        };
        return await waitFor(`a message ${type}`, find, LIMIT_MS);
      } catch (cause) {
        throw new Error(`no such message ${type}; there were ${live.messages.map(sumUp).join(', ')}`, { cause });
      }
    },
    send: (message) => socket.send(JSON.stringify(message)),
    close: () => socket.terminate(),
  };
  socket.on('message', (data: Buffer) => live.messages.push(liveMessage.parse(JSON.parse(data.toString()))));
  socket.on('close', (code, reason) => (live.ended ??= { code, reason: reason.toString() }));
  socket.on('unexpected-response', (_request, response) => {
    live.ended = { code: response.statusCode ?? 0, reason: response.statusMessage ?? '' };
    response.resume();
  });
  socket.on('error', (error) => (live.ended ??= { code: 0, reason: error.message }));
  return live;
}
