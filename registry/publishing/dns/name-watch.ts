import type { Events } from '../../lib/events.ts';
import { listTargets } from './list-targets.ts';
import type { PublishContext } from '../publish-context.ts';

export interface NameWatch {
  close(): void;
}

export interface NameWatchOptions {
  events: Events;
  context: Pick<PublishContext, 'store' | 'resolver' | 'logger'>;
  /** How often all names are resolved again. */
  everyMs: number;
  /** Called when an address in use changed. */
  onChange: () => void;
}

/** Health checks run in sweeps: the names of their servers are resolved together. */
const GATHER_MS = 500;

/** Resolves names again, at each health check of their server and every `everyMs`, so that DNS changes take effect. */
export function watchNames({ events, context, everyMs, onChange }: NameWatchOptions): NameWatch {
  const checked = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;
  let busy = false;

  async function refresh(isChosen: (serverId: string) => boolean): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      const servers = (await context.store.servers.all()).filter(({ id }) => isChosen(id));
      if (await context.resolver.refresh(listTargets(servers))) {
        await context.store.meta.put(ADDRESSES_KEY, context.resolver.serialize());
        onChange();
      }
    } catch (error) {
      context.logger.warn({ err: error }, 'Names could not be resolved again');
    } finally {
      busy = false;
    }
  }

  const stop = events.on('health.checked', ({ serverId }) => {
    checked.add(serverId);
    gathering ??= setTimeout(() => {
      gathering = undefined;
      const chosen = new Set(checked);
      checked.clear();
      void refresh((id) => chosen.has(id));
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

/** Key of the last known addresses in the store: they survive a restart. */
export const ADDRESSES_KEY = 'publishing.addresses';
