import type { LiveMessage } from '@mcpgw/registry/contract';
import { ApiError } from '../../lib/api/api-error.ts';
import { liveUrl } from '../../lib/api/urls.ts';
import { whoAmI } from '../../lib/api/registry-api.ts';
import { servers } from './servers.svelte.ts';
import { session } from '../app/session.svelte.ts';

/** Longer than the heartbeat of the registry: no message for so long means that the connection is dead, whatever the browser thinks. */
const SILENCE_MS = 60_000;
const FIRST_RETRY_MS = 400;
const LAST_RETRY_MS = 10_000;
/** As long as messages are gathered before they are shown. */
const GATHER_MS = 40;
/** Below this, a lost connection is "reconnecting"; above, "offline". */
const PATIENCE_MS = 8_000;

export type LivePhase = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** The connection to `/ws`: keeps it, catches up by sequence number, and says how it stands. */
class Live {
  phase = $state<LivePhase>('connecting');
  /** Since when nothing arrives, epoch ms. */
  lostAtMs = $state<number | null>(null);
  #socket: WebSocket | null = null;
  #seq: number | null = null;
  #tries = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #wanted = false;
  readonly #waiting: LiveMessage[] = [];
  #gather: ReturnType<typeof setTimeout> | undefined;

  /** Connects and stays connected until `stop`. */
  start(): void {
    this.#wanted = true;
    addEventListener('online', this.now);
    document.addEventListener('visibilitychange', this.#onVisible);
    this.#connect();
  }

  stop(): void {
    this.#wanted = false;
    removeEventListener('online', this.now);
    document.removeEventListener('visibilitychange', this.#onVisible);
    clearTimeout(this.#retry);
    clearTimeout(this.#watch);
    this.#socket?.close();
    this.#socket = null;
    this.#seq = null;
  }

  /** Tries at once instead of waiting for the next turn. */
  now = (): void => {
    if (!this.#wanted || this.phase === 'live') return;
    this.#tries = 0;
    this.#connect();
  };

  #onVisible = (): void => {
    if (!document.hidden) this.now();
  };

  #connect(): void {
    clearTimeout(this.#retry);
    this.#socket?.close();
    const socket = new WebSocket(liveUrl(this.#seq));
    this.#socket = socket;
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      if (socket === this.#socket) this.#receive(JSON.parse(data) as LiveMessage);
    };
    socket.onclose = () => {
      if (socket === this.#socket) void this.#lost();
    };
    this.#expect();
  }

  #receive(message: LiveMessage): void {
    this.#seq = message.seq;
    this.#tries = 0;
    this.phase = 'live';
    this.lostAtMs = null;
    this.#waiting.push(message);
    this.#gather ??= setTimeout(() => this.#take(), GATHER_MS);
    this.#expect();
  }

  /** A sweep of the checks sends one message a server: they are shown together, not one by one. */
  #take(): void {
    this.#gather = undefined;
    for (const message of this.#waiting.splice(0)) servers.receive(message);
  }

  #expect(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#socket?.close(), SILENCE_MS);
  }

  async #lost(): Promise<void> {
    if (!this.#wanted) return;
    this.#socket = null;
    this.lostAtMs ??= Date.now();
    this.phase = Date.now() - this.lostAtMs > PATIENCE_MS ? 'offline' : 'reconnecting';
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#tries++);
    // Spread, so that a hundred open tabs do not come back in the same instant.
    this.#retry = setTimeout(() => this.#connect(), wait * (0.6 + Math.random() * 0.6));
    await this.#explainLoss();
  }

  /** A refused WebSocket does not say why; the REST API does. */
  async #explainLoss(): Promise<void> {
    try {
      await whoAmI();
      if (servers.phase !== 'ready') await servers.load();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401 && !session.expired) {
        clearTimeout(this.#retry);
        if (await session.askAgain()) this.#connect();
      } else if (servers.phase === 'loading') await servers.load();
    }
  }
}

export const live = new Live();
