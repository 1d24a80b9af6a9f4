import type { LiveGeneration, LiveMessage, LiveStats, ServerChange, ServerView } from '@mcpgw/registry/contract';
import { SvelteMap } from 'svelte/reactivity';
import { getServer, listServers } from '../../lib/api/registry-api.ts';
import { deriveShown } from '../../lib/servers/status-labels.ts';

type Shown = Partial<Pick<ServerView, 'enabled'>> & { removed?: true };

const byPath = (a: ServerView, b: ServerView): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

/** A server as it will be once the change that is on its way has been accepted. */
function withChange(server: ServerView, change: Shown | undefined): ServerView {
  if (change?.enabled === undefined || change.enabled === server.enabled) return server;
  const declared = change.enabled ? 'enabled' : 'disabled';
  const applied = server.applied === 'set_aside' && change.enabled ? 'set_aside' : 'pending';
  const next = { ...server, enabled: change.enabled, declared, applied } as const;
  return { ...next, status: deriveShown(next) };
}

/** All servers, as the registry last said, with what the person changed laid over it until the registry confirms or refuses. */
class Servers {
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  failure = $state.raw<unknown>(null);
  generation = $state.raw<LiveGeneration | null>(null);
  stats = $state.raw<LiveStats | null>(null);
  /** Counts up for a server whose tools have changed, so that whoever shows them asks again. */
  readonly toolChanges = new SvelteMap<string, number>();
  readonly #known = new SvelteMap<string, ServerView>();
  readonly #changes = new SvelteMap<string, Shown>();

  readonly list = $derived(
    [...this.#known.values()]
      .filter((server) => !this.#changes.get(server.id)?.removed)
      .map((server) => withChange(server, this.#changes.get(server.id)))
      .sort(byPath),
  );

  /** The server at this path, or undefined. */
  at(path: string): ServerView | undefined {
    return this.list.find((server) => server.path === path);
  }

  /** Fetches the list, for when there is no live connection. */
  async load(): Promise<void> {
    try {
      this.replaceAll(await listServers());
    } catch (error) {
      if (this.phase === 'ready') return;
      this.failure = error;
      this.phase = 'failed';
    }
  }

  replaceAll(list: readonly ServerView[]): void {
    const ids = new Set(list.map(({ id }) => id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    for (const server of list) this.put(server);
    this.phase = 'ready';
  }

  /** Takes in one server, unless what is known is newer. */
  put(server: ServerView): void {
    const known = this.#known.get(server.id);
    if (known !== undefined && known.revision > server.revision) return;
    this.#known.set(server.id, server);
  }

  /** Takes in the answer to a change, which says whether it is live instead of the applied status. */
  putChanged({ generation: _generation, applied, pendingRevision: _pending, ...server }: ServerChange): void {
    const known = this.#known.get(server.id);
    const served = server.status === 'set_aside' ? 'set_aside' : server.enabled ? 'live' : 'off';
    this.put({ ...server, applied: applied ? served : (known?.applied ?? 'pending') });
    // The words of all three layers, as they are by now.
    void getServer(server.path).then(
      (fresh) => this.put(fresh),
      () => undefined,
    );
  }

  drop(id: string): void {
    this.#known.delete(id);
    this.#changes.delete(id);
  }

  /** Shows a change before it is confirmed; gives what takes it away again. */
  assume(id: string, change: Shown): () => void {
    this.#changes.set(id, change);
    return () => {
      if (this.#changes.get(id) === change) this.#changes.delete(id);
    };
  }

  /** Takes in one live message. */
  receive(message: LiveMessage): void {
    if (message.type === 'snapshot') {
      this.replaceAll(message.servers);
      this.generation = message.generation;
      this.stats = message.stats;
    } else if (message.type === 'server.changed') this.put(message.server);
    else if (message.type === 'server.removed') this.drop(message.serverId);
    else if (message.type === 'tools.changed')
      this.toolChanges.set(message.path, (this.toolChanges.get(message.path) ?? 0) + 1);
    else if (message.type === 'generation.published') this.generation = message.generation;
    else if (message.type === 'stats.changed') this.stats = message.stats;
  }
}

export const servers = new Servers();
