import {
  deriveStatus,
  type LiveGeneration,
  type LiveMessage,
  type LiveStats,
  type ServerChange,
  type ServerView,
} from '@mcpgw/registry/contract';
import { SvelteMap } from 'svelte/reactivity';
import { getServer, listServers } from '../../lib/api/registry-api.ts';

type OptimisticChange = Partial<Pick<ServerView, 'enabled'>> & { removed?: true };

const byPath = (a: ServerView, b: ServerView): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

/** The server as it will be when the pending change is accepted. */
function withChange(server: ServerView, change: OptimisticChange | undefined): ServerView {
  if (change?.enabled === undefined || change.enabled === server.enabled) return server;
  const configuration = server.configuration === 'rejected' && change.enabled ? 'rejected' : 'pending';
  const next = { ...server, enabled: change.enabled, configuration } as const;
  return { ...next, status: deriveStatus(next) };
}

/** All servers as last received, with optimistic changes applied until the registry confirms or refuses them. */
class ServerStore {
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<unknown>(null);
  generation = $state.raw<LiveGeneration | null>(null);
  stats = $state.raw<LiveStats | null>(null);
  /** A counter per path, incremented when the tools of the server changed. */
  readonly toolVersions = new SvelteMap<string, number>();
  readonly #servers = new SvelteMap<string, ServerView>();
  readonly #changes = new SvelteMap<string, OptimisticChange>();

  readonly list = $derived(
    [...this.#servers.values()]
      .filter((server) => !this.#changes.get(server.id)?.removed)
      .map((server) => withChange(server, this.#changes.get(server.id)))
      .sort(byPath),
  );

  /** The server at this path, or undefined. */
  at(path: string): ServerView | undefined {
    return this.list.find((server) => server.path === path);
  }

  /** Fetches the list, for use without a live connection. */
  async load(): Promise<void> {
    try {
      this.replaceAll(await listServers());
    } catch (error) {
      if (this.phase === 'ready') return;
      this.error = error;
      this.phase = 'failed';
    }
  }

  replaceAll(list: readonly ServerView[]): void {
    const ids = new Set(list.map(({ id }) => id));
    for (const id of this.#servers.keys()) if (!ids.has(id)) this.#servers.delete(id);
    for (const server of list) this.put(server);
    this.phase = 'ready';
  }

  /** Stores a server, unless a newer revision is already stored. */
  put(server: ServerView): void {
    const known = this.#servers.get(server.id);
    if (known !== undefined && known.revision > server.revision) return;
    this.#servers.set(server.id, server);
  }

  /** Stores the response to a change, in which `applied` is a boolean instead of a status. */
  applyChange({ generation: _generation, applied, pendingRevision: _pending, ...server }: ServerChange): void {
    const known = this.#servers.get(server.id);
    const served = server.status === 'rejected' ? 'rejected' : server.enabled ? 'live' : 'off';
    this.put({ ...server, configuration: applied ? served : (known?.configuration ?? 'pending') });
    // The response to a change has no status layers; fetch them.
    void getServer(server.path).then(
      (fresh) => this.put(fresh),
      () => undefined,
    );
  }

  delete(id: string): void {
    this.#servers.delete(id);
    this.#changes.delete(id);
  }

  /** Applies a change before it is confirmed; returns a function that reverts it. */
  applyOptimistic(id: string, change: OptimisticChange): () => void {
    this.#changes.set(id, change);
    return () => {
      if (this.#changes.get(id) === change) this.#changes.delete(id);
    };
  }

  /** Handles one live message. */
  receive(message: LiveMessage): void {
    if (message.type === 'snapshot') {
      this.replaceAll(message.servers);
      this.generation = message.generation;
      this.stats = message.stats;
    } else if (message.type === 'server.changed') this.put(message.server);
    else if (message.type === 'server.removed') this.delete(message.serverId);
    else if (message.type === 'tools.changed')
      this.toolVersions.set(message.path, (this.toolVersions.get(message.path) ?? 0) + 1);
    else if (message.type === 'generation.published') this.generation = message.generation;
    else if (message.type === 'stats.changed') this.stats = message.stats;
  }
}

export const servers = new ServerStore();
