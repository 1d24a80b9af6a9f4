import type { LiveGeneration, LiveMessage, LiveStats, ServerChange, ServerView } from '@mcpgw/registry/contract';
import { SvelteMap } from 'svelte/reactivity';
import { getServer, listServers } from '../../lib/api/registry-api.ts';

const byPath = (a: ServerView, b: ServerView): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

/** All servers as last received. A server that is being changed is marked as such and shown unchanged until the registry responds. */
class ServerStore {
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<unknown>(null);
  generation = $state.raw<LiveGeneration | null>(null);
  stats = $state.raw<LiveStats | null>(null);
  /** Incremented when a publish ended, also when it failed. */
  publishes = $state(0);
  /** A counter per path, incremented when the tools of the server changed. */
  readonly toolVersions = new SvelteMap<string, number>();
  /** By id. Only its version is reactive: with a thousand reactive entries, each of the many changes of a health sweep would be expensive. */
  readonly #servers = new Map<string, ServerView>();
  #version = $state(0);
  readonly #saving = new SvelteMap<string, string>();

  readonly list = $derived(this.#sort(this.#version));
  readonly #byPath = $derived(new Map(this.list.map((server) => [server.path, server])));

  #sort(_version: number): ServerView[] {
    return [...this.#servers.values()].sort(byPath);
  }

  /** The server at this path, or undefined. */
  at(path: string): ServerView | undefined {
    return this.#byPath.get(path);
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
    this.#version += 1;
    for (const server of list) this.put(server);
    this.phase = 'ready';
  }

  /** Stores a server, unless a newer revision is already stored. */
  put(server: ServerView): void {
    const known = this.#servers.get(server.id);
    if (known !== undefined && known.revision > server.revision) return;
    this.#servers.set(server.id, server);
    this.#version += 1;
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
    this.#version += 1;
    this.#saving.delete(id);
  }

  /** What is being done to a server ("Disabling…") and not confirmed yet, or undefined. */
  saving(id: string): string | undefined {
    return this.#saving.get(id);
  }

  /** Marks a server while a request changes it; returns a function that ends it. */
  markSaving(id: string, label: string): () => void {
    this.#saving.set(id, label);
    return () => this.#saving.delete(id);
  }

  /** Handles one live message. */
  receive(message: LiveMessage): void {
    if (message.type === 'snapshot') {
      this.replaceAll(message.servers);
      this.generation = message.generation;
      this.stats = message.stats;
    } else if (message.type === 'server.changed') this.put(message.server);
    else if (message.type === 'server.checked') {
      const { serverId, lastCheckedAt, latencyMs } = message;
      const known = this.#servers.get(serverId);
      if (known) this.put({ ...known, lastCheckedAt, latencyMs });
    } else if (message.type === 'server.removed') this.delete(message.serverId);
    else if (message.type === 'tools.changed')
      this.toolVersions.set(message.path, (this.toolVersions.get(message.path) ?? 0) + 1);
    else if (message.type === 'generation.published') {
      this.generation = message.generation;
      this.publishes += 1;
    } else if (message.type === 'generation.failed') this.publishes += 1;
    else if (message.type === 'stats.changed') this.stats = message.stats;
  }
}

export const servers = new ServerStore();
