import type { Outcome, Params } from '../connection/message.ts';
import { connectInner, toOutcome, type CallHooks, type InnerClient, type InnerClientOptions } from './inner-client.ts';
import type { InnerSessions } from './inner-sessions.ts';

/** Which server is called. */
export type InnerTarget = Pick<InnerClientOptions, 'path' | 'era' | 'isSseOnly'>;

/** The servers that one client of the bridge uses through the gateway; concurrent calls use separate connections. */
export interface InnerClients {
  /** Never rejects. An ended session is opened again, once. */
  request: (target: InnerTarget, method: string, params: Params, hooks: CallHooks) => Promise<Outcome>;
  close: () => Promise<void>;
}

export interface InnerClientsOptions extends Omit<InnerClientOptions, keyof InnerTarget | 'signal'> {
  /** Idle sessions of all clients. */
  sessions: InnerSessions;
  /** Limit of concurrent calls of this client. */
  maxCalls?: number;
  /** Limit of idle sessions of this client, which its next calls use. */
  maxIdle?: number;
}

/** A connection carries one call at a time, so that a request of the server belongs to that call. */
interface Held {
  path: string;
  client: InnerClient;
}

const CANCELLED: Outcome = { error: { code: -32_800, message: 'the request was cancelled' } };
const TOO_MANY: Outcome = {
  error: {
    code: -32_000,
    message: 'too many calls of this client are in progress: call again when some of them have ended',
  },
};
const MAX_CALLS = 1_000;
const MAX_IDLE = 50;

/** Creates an empty set; connections are opened at the first call. */
export function createInnerClients({
  sessions,
  maxCalls = MAX_CALLS,
  maxIdle = MAX_IDLE,
  ...options
}: InnerClientsOptions): InnerClients {
  /** Longest unused first. */
  const idle = new Set<Held>();
  const ending = new AbortController();
  let calls = 0;

  async function end(held: Held): Promise<void> {
    idle.delete(held);
    sessions.remove(held);
    await held.client.close();
  }

  /** The most recently used session, as servers expire the others first. */
  function takeIdle(path: string): Held | undefined {
    const held = [...idle].findLast((one) => one.path === path);
    if (held === undefined) return undefined;
    idle.delete(held);
    sessions.remove(held);
    return held;
  }

  function release(held: Held): void {
    if (ending.signal.aborted) {
      void held.client.close();
      return;
    }
    const [oldest] = idle;
    if (idle.size >= maxIdle && oldest !== undefined) void end(oldest);
    idle.add(held);
    sessions.add(held, () => void end(held));
  }

  async function take(target: InnerTarget, signal: AbortSignal): Promise<Held> {
    const held = takeIdle(target.path);
    if (held !== undefined) return held;
    return { path: target.path, client: await connectInner({ ...options, ...target, signal }) };
  }

  async function attempt(target: InnerTarget, method: string, params: Params, hooks: CallHooks) {
    const signal = AbortSignal.any([hooks.signal, ending.signal]);
    let held: Held;
    try {
      held = await take(target, signal);
    } catch (error) {
      return { outcome: signal.aborted ? CANCELLED : toOutcome(error), isLost: false };
    }
    const outcome = signal.aborted ? CANCELLED : await held.client.request(method, params, { ...hooks, signal });
    const isLost = held.client.isLost();
    if (isLost) void held.client.close();
    else release(held);
    return { outcome, isLost: isLost && 'error' in outcome };
  }

  return {
    async request(target, method, params, hooks) {
      if (calls >= maxCalls) return TOO_MANY;
      calls += 1;
      try {
        const first = await attempt(target, method, params, hooks);
        return first.isLost ? (await attempt(target, method, params, hooks)).outcome : first.outcome;
      } finally {
        calls -= 1;
      }
    },
    async close() {
      ending.abort();
      await Promise.all([...idle].map(end));
    },
  };
}
