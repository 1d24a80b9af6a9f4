import { openWebSocket, type WebSocket } from '../../registry/upstream/index.ts';
import { parseMessage } from '../connection/message.ts';
import { explainFailure, explainLoss } from './explain-failure.ts';
import { MAX_MESSAGE_BYTES, MAX_UNREAD_BYTES, type Target, type Wire, type WireEvents } from './wire.ts';

/** A connection without a pong in this time is dead. */
const ALIVE_MS = 30_000;
const CLOSE_MS = 2_000;
/** Limit of the reading speed. */
const BYTES_PER_SECOND = 64 * 1024 * 1024;

function keepAlive(socket: WebSocket): NodeJS.Timeout {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  return setInterval(() => {
    if (!isAlive) socket.terminate();
    isAlive = false;
    socket.ping();
  }, ALIVE_MS).unref();
}

/** Counts the bytes read, and pauses reading when the limit of the second is reached. */
function createThrottle(socket: WebSocket): (bytes: number) => void {
  let secondEndsMs = 0;
  let remaining = 0;
  return (bytes) => {
    const now = performance.now();
    if (now >= secondEndsMs) {
      secondEndsMs = now + 1_000;
      remaining = BYTES_PER_SECOND;
    }
    remaining -= bytes;
    if (remaining > 0 || socket.isPaused) return;
    socket.pause();
    setTimeout(() => socket.resume(), secondEndsMs - now);
  };
}

/** Connects to a WebSocket server. Throws BridgeError. */
export async function openWebSocketWire({ file, upstream }: Target, events: WireEvents): Promise<Wire> {
  const { path, url, headers, connectMs, tls } = file;
  const ca = upstream.ca();
  const socket = await openWebSocket({
    ...{ url, headers, connectMs, ca, guard: upstream.guard, maxBytes: MAX_MESSAGE_BYTES },
    ...(tls !== null && { tls }),
  }).catch((error: unknown) => {
    throw explainFailure(path, error);
  });
  const alive = keepAlive(socket);
  const throttle = createThrottle(socket);
  let problem = '';
  socket.on('message', (data, isBinary) => {
    const text = isBinary ? '' : (data as Buffer).toString('utf8');
    throttle((data as Buffer).length);
    const message = parseMessage(text);
    if (message === undefined) events.noise(isBinary ? 'a binary message instead of text' : text);
    else events.receive(message);
  });
  socket.on('error', ({ message }) => (problem = message));
  const closed = new Promise<void>((resolve) => {
    socket.once('close', (code) => {
      clearInterval(alive);
      events.lost(explainLoss(path, problem === '' ? `it was closed with code ${code}` : problem));
      resolve();
    });
  });
  return {
    send(message) {
      if (socket.bufferedAmount > MAX_UNREAD_BYTES) return false;
      socket.send(JSON.stringify(message), () => undefined);
      return true;
    },
    async close() {
      const late = setTimeout(() => socket.terminate(), CLOSE_MS);
      socket.close(1000);
      await closed;
      clearTimeout(late);
    },
  };
}
