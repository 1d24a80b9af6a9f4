import type { Events } from '../../events.ts';
import { listTargets } from '../dns/list-targets.ts';
import type { Machine } from '../reconcile/publish-run.ts';

export interface NameWatch {
  close(): void;
}

export interface NameWatchOptions {
  events: Events;
  machine: Pick<Machine, 'store' | 'resolver' | 'logger'>;
  /** How often all names are asked for. */
  everyMs: number;
  /** Called when an address in use is another one now. */
  onChange: () => void;
}

/** Health checks come in sweeps: their servers' names are asked for together. */
const GATHER_MS = 500;

/** Asks for names again, at each health check of their server and from time to time, so that a name that moves is followed by itself. */
export function watchNames({ events, machine, everyMs, onChange }: NameWatchOptions): NameWatch {
  const checked = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;
  let busy = false;

  async function refresh(isMeant: (serverId: string) => boolean): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      const servers = (await machine.store.servers.all()).filter(({ id }) => isMeant(id));
      if (await machine.resolver.refresh(listTargets(servers))) {
        await machine.store.meta.put(ADDRESSES_KEY, machine.resolver.remember());
        onChange();
      }
    } catch (error) {
      machine.logger.warn({ err: error }, 'names could not be asked for again');
    } finally {
      busy = false;
    }
  }

  const stop = events.on('health.checked', ({ serverId }) => {
    checked.add(serverId);
    gathering ??= setTimeout(() => {
      gathering = undefined;
      const meant = new Set(checked);
      checked.clear();
      void refresh((id) => meant.has(id));
    }, GATHER_MS).unref();
  });
  const timer = setInterval(() => void refresh(() => true), everyMs).unref();

  return {
    close() {
      stop();
      clearTimeout(gathering);
      clearInterval(timer);
    },
  };
}

/** Where the last known addresses are kept over a restart. */
export const ADDRESSES_KEY = 'publishing.addresses';
