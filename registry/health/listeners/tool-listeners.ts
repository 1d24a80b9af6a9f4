import { listenForTools, type ListenOptions, type ListenTarget } from './listen-tools.ts';

export interface ToolListeners {
  /** Listens to these servers and no others; at most `limit` of them, the first ones. */
  sync(targets: readonly ListenTarget[]): void;
  count(): number;
  close(): Promise<void>;
}

interface Listener {
  revision: number;
  stop: () => Promise<void>;
}

/**
 * Holds a bounded set of connections on which servers send notifications that their tools changed. Each costs a socket and, in the legacy era,
 * a session of the server; other servers are listed again by the schedule. A connection that ended is opened again at the next `sync`.
 */
export function createToolListeners(limit: number, options: Omit<ListenOptions, 'onEnd'>): ToolListeners {
  const listeners = new Map<string, Listener>();
  /** By server: the revision at which it offered no stream. */
  const unsupported = new Map<string, number>();
  const stopping = new Set<Promise<void>>();

  function stop(serverId: string): void {
    const listener = listeners.get(serverId);
    if (listener === undefined) return;
    listeners.delete(serverId);
    const done = listener.stop().finally(() => stopping.delete(done));
    stopping.add(done);
  }

  function start(target: ListenTarget): void {
    const listener: Listener = {
      revision: target.revision,
      stop: listenForTools(target, {
        ...options,
        onEnd: (serverId, isUnsupported) => {
          if (listeners.get(serverId) === listener) listeners.delete(serverId);
          if (isUnsupported) unsupported.set(serverId, target.revision);
        },
      }),
    };
    listeners.set(target.serverId, listener);
  }

  return {
    sync(targets) {
      const offered = new Set(targets.map(({ serverId }) => serverId));
      for (const serverId of unsupported.keys()) if (!offered.has(serverId)) unsupported.delete(serverId);
      const chosen = targets.filter(({ serverId, revision }) => unsupported.get(serverId) !== revision).slice(0, limit);
      const revisions = new Map(chosen.map(({ serverId, revision }) => [serverId, revision]));
      for (const [serverId, { revision }] of [...listeners]) if (revisions.get(serverId) !== revision) stop(serverId);
      for (const target of chosen) if (!listeners.has(target.serverId)) start(target);
    },
    count: () => listeners.size,
    async close() {
      for (const serverId of [...listeners.keys()]) stop(serverId);
      await Promise.all(stopping);
    },
  };
}
