import type { Client, SubscriptionFilter } from '@modelcontextprotocol/client';

export interface Listening {
  stop: () => void;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
const ACKNOWLEDGE_MS = 30_000;

/** Keeps a `subscriptions/listen` stream open; one that ended is opened again, with a longer delay after each failure. */
export function keepListening(client: Client, filter: SubscriptionFilter): Listening {
  const stopping = new AbortController();
  const { signal } = stopping;

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
  }

  async function listen(): Promise<void> {
    let waitMs = FIRST_MS;
    while (!signal.aborted) {
      try {
        const subscription = await client.listen(filter, { signal, timeout: ACKNOWLEDGE_MS });
        waitMs = FIRST_MS;
        await subscription.closed;
      } catch {
        waitMs = Math.min(waitMs * 2, LONGEST_MS);
      }
      await wait(waitMs);
    }
  }
  void listen();
  return { stop: () => stopping.abort() };
}
