import type { Exchange } from './exchange.ts';

/** Requests whose program waits for answers of the client. */
export interface PendingExchanges {
  put: (exchange: Exchange) => void;
  /** The exchange that a client continues with; undefined: unknown, expired, or another client's. */
  take: (state: string, owner: string) => Exchange | undefined;
}

const WAIT_MS = 10 * 60_000;
const MAX_PENDING = 1_000;

/** Creates an empty collection; exchanges that wait for more than 10 minutes are cancelled, and the oldest if there are more than 1,000. */
export function createPendingExchanges(): PendingExchanges {
  const pending = new Map<string, { exchange: Exchange; timer: NodeJS.Timeout }>();

  function remove(state: string): Exchange | undefined {
    const found = pending.get(state);
    clearTimeout(found?.timer);
    pending.delete(state);
    return found?.exchange;
  }
  const expire = (state: string) => remove(state)?.cancel('the client did not answer');

  return {
    put(exchange) {
      const [oldest] = pending.keys();
      if (pending.size >= MAX_PENDING && oldest !== undefined) expire(oldest);
      const timer = setTimeout(() => expire(exchange.state), WAIT_MS).unref();
      pending.set(exchange.state, { exchange, timer });
    },
    take(state, owner) {
      if (pending.get(state)?.exchange.owner !== owner) return undefined;
      return remove(state);
    },
  };
}
