import type { KillScope, KillView } from '@mcpgw/registry/contract';
import { liftKill, listKills, setKill } from '../../lib/api/access-api.ts';
import { reportFailure } from '../servers/server-actions.ts';
import { live } from '../servers/live-connection.svelte.ts';
import { toasts } from '../app/toasts.svelte.ts';

const RETRY_MS = 5_000;

/** The kill switches that are on, as last reported by the registry. Nothing is shown as stopped or resumed before the registry confirms it. */
class Kills {
  list = $state.raw<readonly KillView[]>([]);
  /** Id of the kill switch that is being lifted. */
  lifting = $state<string | null>(null);
  #retry: ReturnType<typeof setTimeout> | undefined;

  /** The kill switch that stops an agent or a server, or undefined. */
  of(scope: KillScope, target: string): KillView | undefined {
    return this.list.find((kill) => kill.scope === scope && kill.target === target);
  }

  /** Whether a kill switch refuses the calls to a server. */
  stops(path: string): boolean {
    return this.list.some(
      ({ scope, target, enforced }) => enforced && (scope === 'all' || (scope === 'server' && target === path)),
    );
  }

  /** Loads them now and whenever they change, until the returned function is called. */
  start(): () => void {
    const stop = live.listen(({ type }) => {
      if (type === 'snapshot' || type === 'kills.changed' || type === 'gateway.changed') void this.refresh();
    });
    void this.refresh();
    return () => {
      clearTimeout(this.#retry);
      stop();
    };
  }

  async refresh(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      this.list = await listKills();
    } catch {
      // The connection status shows that the registry is unreachable; the previous list remains.
      this.#retry = setTimeout(() => void this.refresh(), RETRY_MS);
    }
  }

  /** Stops an agent, a server or everything; resolves when the gate enforces it. Throws the error of the registry. */
  async set(scope: KillScope, target: string | null, reason: string): Promise<void> {
    const set = await setKill({ scope, reason, ...(target === null ? {} : { target }) });
    this.list = [set, ...this.list.filter(({ id }) => id !== set.id)];
  }

  /** Lifts a kill switch. */
  async lift({ id }: KillView): Promise<void> {
    this.lifting = id;
    try {
      await liftKill(id);
      this.list = this.list.filter((kill) => kill.id !== id);
      toasts.show({ tone: 'ok', text: 'Resumed' });
    } catch (error) {
      reportFailure('The kill switch could not be lifted', error);
      void this.refresh();
    } finally {
      this.lifting = null;
    }
  }
}

export const kills = new Kills();
