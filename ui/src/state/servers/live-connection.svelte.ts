import type { CallFilter, LiveMessage } from '@mcpgw/registry/contract';
import { ApiError } from '../../lib/api/api-error.ts';
import { abortRequestsBefore } from '../../lib/api/request.ts';
import { liveUrl } from '../../lib/api/urls.ts';
import { getSession } from '../../lib/api/registry-api.ts';
import { servers } from './servers.svelte.ts';
import { session } from '../app/session.svelte.ts';

/** Two heartbeats of the registry and a margin: without a message for this long it is frozen, or the connection is dead. */
const SILENCE_TIMEOUT_MS = 12_000;
const SESSION_CHECK_TIMEOUT_MS = 8_000;
const MIN_BACKOFF_MS = 400;
const MAX_BACKOFF_MS = 10_000;
/** Messages are applied in batches. */
const BATCH_MS = 40;
/** A registry that was frozen responds to earlier requests within this time; over a connection that died silently, no response arrives. */
const LATE_RESPONSES_MS = 10_000;
/** A connection lost for longer is "offline" instead of "reconnecting". */
const OFFLINE_AFTER_MS = 8_000;

export type LivePhase = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** The connection to `/ws`: reconnects with backoff and resumes by sequence number. */
class LiveConnection {
  phase = $state<LivePhase>('connecting');
  /** When the last message arrived before the connection was lost, epoch ms. */
  lostAtMs = $state<number | null>(null);
  #socket: WebSocket | null = null;
  #seq: number | null = null;
  #heardAtMs = Date.now();
  #attempts = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;
  #lateTimer: ReturnType<typeof setTimeout> | undefined;
  #started = false;
  readonly #batch: LiveMessage[] = [];
  #batchTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<(message: LiveMessage) => void>();
  #callFilter: CallFilter | null = null;

  /** Calls `listener` with every message from now on, until the returned function is called. */
  listen(listener: (message: LiveMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sets which calls the registry sends as they are stored, also after reconnecting; null: none. */
  followCalls(filter: CallFilter | null): void {
    this.#callFilter = filter;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#sendFilter(this.#socket);
  }

  #sendFilter(socket: WebSocket): void {
    socket.send(JSON.stringify({ type: 'calls.follow', filter: this.#callFilter }));
  }

  /** Connects, and reconnects until `stop`. */
  start(): void {
    this.#started = true;
    addEventListener('online', this.reconnect);
    document.addEventListener('visibilitychange', this.#onVisible);
    this.#connect();
  }

  stop(): void {
    this.#started = false;
    removeEventListener('online', this.reconnect);
    document.removeEventListener('visibilitychange', this.#onVisible);
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#silenceTimer);
    clearTimeout(this.#lateTimer);
    this.#socket?.close();
    this.#socket = null;
    this.#seq = null;
  }

  /** Reconnects now instead of after the backoff. */
  reconnect = (): void => {
    if (!this.#started || this.phase === 'live') return;
    this.#attempts = 0;
    this.#connect();
  };

  #onVisible = (): void => {
    if (document.hidden) return;
    // Timers of a hidden page may be late by a minute.
    if (this.phase === 'live' && Date.now() - this.#heardAtMs > SILENCE_TIMEOUT_MS) this.#onSilence();
    else this.reconnect();
  };

  /** The closing handshake of a frozen peer may never end, so the socket is abandoned instead of waiting for its `close`. */
  #onSilence = (): void => {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    void this.#onLost();
  };

  #connect(): void {
    clearTimeout(this.#retryTimer);
    const previous = this.#socket;
    this.#socket = null;
    previous?.close();
    const socket = new WebSocket(liveUrl(this.#seq));
    this.#socket = socket;
    socket.onopen = () => {
      if (this.#callFilter !== null) this.#sendFilter(socket);
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      if (socket === this.#socket) this.#receive(JSON.parse(data) as LiveMessage);
    };
    socket.onclose = () => {
      if (socket === this.#socket) void this.#onLost();
    };
    this.#restartSilenceTimer();
  }

  #receive(message: LiveMessage): void {
    this.#seq = message.seq;
    this.#heardAtMs = Date.now();
    this.#attempts = 0;
    this.phase = 'live';
    if (this.lostAtMs !== null) this.#onBack();
    this.lostAtMs = null;
    this.#batch.push(message);
    this.#batchTimer ??= setTimeout(() => this.#flush(), BATCH_MS);
    this.#restartSilenceTimer();
  }

  /** Requests sent before the connection was lost may never get a response. */
  #onBack(): void {
    const backAtMs = performance.now();
    clearTimeout(this.#lateTimer);
    this.#lateTimer = setTimeout(() => abortRequestsBefore(backAtMs), LATE_RESPONSES_MS);
  }

  /** A health sweep sends one message per server; a batch is rendered once. */
  #flush(): void {
    this.#batchTimer = undefined;
    for (const message of this.#batch.splice(0)) {
      servers.receive(message);
      for (const listener of this.#listeners) listener(message);
    }
  }

  #restartSilenceTimer(): void {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(this.#onSilence, SILENCE_TIMEOUT_MS);
  }

  async #onLost(): Promise<void> {
    if (!this.#started) return;
    this.#socket = null;
    clearTimeout(this.#silenceTimer);
    this.lostAtMs ??= this.#heardAtMs;
    this.phase = Date.now() - this.lostAtMs > OFFLINE_AFTER_MS ? 'offline' : 'reconnecting';
    const backoffMs = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** this.#attempts++);
    // Jitter, so that many open tabs do not reconnect at the same time.
    this.#retryTimer = setTimeout(() => this.#connect(), backoffMs * (0.6 + Math.random() * 0.6));
    await this.#checkSession();
  }

  /** A refused WebSocket has no status code; the REST API shows whether the session expired. */
  async #checkSession(): Promise<void> {
    try {
      await getSession(AbortSignal.timeout(SESSION_CHECK_TIMEOUT_MS));
      if (servers.phase !== 'ready') await servers.load();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401 && !session.expired) {
        clearTimeout(this.#retryTimer);
        if (await session.renew()) this.#connect();
      } else if (servers.phase === 'loading') await servers.load();
    }
  }
}

export const live = new LiveConnection();
