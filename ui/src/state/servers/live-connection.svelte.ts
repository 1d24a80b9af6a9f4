import type { LiveMessage } from '@mcpgw/registry/contract';
import { ApiError } from '../../lib/api/api-error.ts';
import { liveUrl } from '../../lib/api/urls.ts';
import { getSession } from '../../lib/api/registry-api.ts';
import { servers } from './servers.svelte.ts';
import { session } from '../app/session.svelte.ts';

/** Longer than the heartbeat interval of the registry: without a message for this long the connection is dead. */
const HEARTBEAT_TIMEOUT_MS = 60_000;
const MIN_BACKOFF_MS = 400;
const MAX_BACKOFF_MS = 10_000;
/** Messages are applied in batches. */
const BATCH_MS = 40;
/** A connection lost for longer is "offline" instead of "reconnecting". */
const OFFLINE_AFTER_MS = 8_000;

export type LivePhase = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** The connection to `/ws`: reconnects with backoff and resumes by sequence number. */
class LiveConnection {
  phase = $state<LivePhase>('connecting');
  /** When the connection was lost, epoch ms. */
  lostAtMs = $state<number | null>(null);
  #socket: WebSocket | null = null;
  #seq: number | null = null;
  #attempts = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #heartbeatTimer: ReturnType<typeof setTimeout> | undefined;
  #started = false;
  readonly #batch: LiveMessage[] = [];
  #batchTimer: ReturnType<typeof setTimeout> | undefined;

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
    clearTimeout(this.#heartbeatTimer);
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
    if (!document.hidden) this.reconnect();
  };

  #connect(): void {
    clearTimeout(this.#retryTimer);
    this.#socket?.close();
    const socket = new WebSocket(liveUrl(this.#seq));
    this.#socket = socket;
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      if (socket === this.#socket) this.#receive(JSON.parse(data) as LiveMessage);
    };
    socket.onclose = () => {
      if (socket === this.#socket) void this.#onLost();
    };
    this.#resetHeartbeat();
  }

  #receive(message: LiveMessage): void {
    this.#seq = message.seq;
    this.#attempts = 0;
    this.phase = 'live';
    this.lostAtMs = null;
    this.#batch.push(message);
    this.#batchTimer ??= setTimeout(() => this.#flush(), BATCH_MS);
    this.#resetHeartbeat();
  }

  /** A health sweep sends one message per server; a batch is rendered once. */
  #flush(): void {
    this.#batchTimer = undefined;
    for (const message of this.#batch.splice(0)) servers.receive(message);
  }

  #resetHeartbeat(): void {
    clearTimeout(this.#heartbeatTimer);
    this.#heartbeatTimer = setTimeout(() => this.#socket?.close(), HEARTBEAT_TIMEOUT_MS);
  }

  async #onLost(): Promise<void> {
    if (!this.#started) return;
    this.#socket = null;
    this.lostAtMs ??= Date.now();
    this.phase = Date.now() - this.lostAtMs > OFFLINE_AFTER_MS ? 'offline' : 'reconnecting';
    const backoffMs = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** this.#attempts++);
    // Jitter, so that many open tabs do not reconnect at the same time.
    this.#retryTimer = setTimeout(() => this.#connect(), backoffMs * (0.6 + Math.random() * 0.6));
    await this.#checkSession();
  }

  /** A refused WebSocket has no status code; the REST API tells whether the session expired. */
  async #checkSession(): Promise<void> {
    try {
      await getSession();
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
