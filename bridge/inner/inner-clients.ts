import type { Outcome, Params } from '../connection/message.ts';
import { connectInner, type CallHooks, type InnerClient, type InnerClientOptions } from './inner-client.ts';

/** Which server is called. */
export type InnerTarget = Pick<InnerClientOptions, 'path' | 'era' | 'isSseOnly'>;

/** The servers that one client of the bridge uses through the gateway; a call that is made meanwhile has a connection of its own. */
export interface InnerClients {
  /** Never rejects. A session that has ended is begun again, once. */
  request: (target: InnerTarget, method: string, params: Params, hooks: CallHooks) => Promise<Outcome>;
  close: () => Promise<void>;
}

/** A connection carries one call at a time, so that what a server asks belongs to one. */
interface Held {
  path: string;
  connected: Promise<InnerClient>;
  calls: number;
}

const REFUSED: Outcome = { error: { code: -32_800, message: 'the request was cancelled' } };

/** Creates an empty set; connections are made at the first call. */
export function createInnerClients(options: Omit<InnerClientOptions, keyof InnerTarget>): InnerClients {
  const all = new Set<Held>();

  function take(target: InnerTarget): Held {
    for (const held of all) if (held.path === target.path && held.calls === 0) return held;
    const held: Held = { path: target.path, connected: connectInner({ ...options, ...target }), calls: 0 };
    all.add(held);
    held.connected.catch(() => all.delete(held));
    return held;
  }

  async function attempt(target: InnerTarget, method: string, params: Params, hooks: CallHooks) {
    const held = take(target);
    held.calls += 1;
    try {
      const gaveUp = new Promise<undefined>((resolve) => {
        hooks.signal.addEventListener('abort', () => resolve(undefined), { once: true });
      });
      const client = await Promise.race([held.connected, gaveUp]);
      if (client === undefined) return { outcome: REFUSED, isLost: false };
      const outcome = await client.request(method, params, hooks);
      const isLost = client.isLost();
      if (isLost) {
        all.delete(held);
        void client.close();
      }
      return { outcome, isLost: isLost && 'error' in outcome };
    } catch (error) {
      const { code = -32_603, message, data } = error as { code?: unknown; message: string; data?: unknown };
      const found = { code: typeof code === 'number' ? code : -32_603, message, ...(data !== undefined && { data }) };
      return { outcome: { error: found } as Outcome, isLost: false };
    } finally {
      held.calls -= 1;
    }
  }

  return {
    async request(target, method, params, hooks) {
      const first = await attempt(target, method, params, hooks);
      return first.isLost ? (await attempt(target, method, params, hooks)).outcome : first.outcome;
    },
    async close() {
      const ending = [...all].map(({ connected }) =>
        connected.then(
          (client) => client.close(),
          () => undefined,
        ),
      );
      all.clear();
      await Promise.all(ending);
    },
  };
}
