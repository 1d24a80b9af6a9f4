import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { SessionView } from '../contract/index.ts';
import type { Frame } from './change-log.ts';

/** Why a socket was closed (RFC 6455 §7.4; 4000 on are ours). */
export const CLOSE = { goingAway: 1001, internal: 1011, tooSlow: 1013, sessionEnded: 4401 } as const;

/** Time for the other side to answer a close before the connection is terminated. */
const CLOSE_GRACE_MS = 2_000;

/** One browser or program at the other end of `/ws`. */
export class LiveClient {
  readonly request: IncomingMessage;
  session: SessionView;
  readonly #socket: WebSocket;
  readonly #maxBufferedBytes: number;
  #hasAnswered = true;

  constructor(socket: WebSocket, request: IncomingMessage, session: SessionView, maxBufferedBytes: number) {
    this.request = request;
    this.session = session;
    this.#socket = socket;
    this.#maxBufferedBytes = maxBufferedBytes;
    socket.on('pong', () => (this.#hasAnswered = true));
  }

  /** Sends frames in order. A client that reads more slowly than things change is closed: it reconnects and resumes. */
  send(frames: readonly Frame[]): void {
    for (const frame of frames) {
      if (this.#socket.readyState !== this.#socket.OPEN) return;
      const { bufferedAmount } = this.#socket;
      if (bufferedAmount > this.#maxBufferedBytes) {
        this.end(CLOSE.tooSlow, `too slow: ${bufferedAmount} bytes wait unread; connect again with since=`);
        return;
      }
      this.#socket.send(frame.text, () => undefined);
    }
  }

  /** Pings; a peer that did not answer the last ping is unreachable, so its connection is terminated. */
  beat(): void {
    if (!this.#hasAnswered) {
      this.#socket.terminate();
      return;
    }
    this.#hasAnswered = false;
    this.#socket.ping(() => undefined);
  }

  /** Closes with a reason (at most 123 bytes), and terminates the connection when the other side does not answer. */
  end(code: number, reason: string): void {
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    this.#socket.close(code, reason.slice(0, 123));
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_GRACE_MS);
    this.#socket.once('close', () => clearTimeout(timer));
  }
}
