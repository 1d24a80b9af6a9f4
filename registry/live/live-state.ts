import type { LiveGeneration, LiveStats, ServerView } from '../contract/index.ts';

/** The source of the state that the hub sends; each call returns the state after all changes committed so far. */
export interface LiveSource {
  /** All servers, or those of `ids` that (still) exist. */
  servers: (ids?: readonly string[]) => Promise<readonly ServerView[]>;
  generation: () => Promise<LiveGeneration | null>;
  /** Of the last hour. */
  stats: () => Promise<LiveStats>;
}

/** A change to send: `key` identifies what it replaces, `body` is the message without `seq`. */
export interface Delta {
  key: string;
  body: string;
  /** A shorter message for clients that have all previous ones. */
  brief?: string;
}

/** A server as it was sent. The fields that each check changes are separate, so that a check without other changes is a short message. */
interface SentServer {
  path: string;
  rest: string;
  text: string;
}

function serialize(view: ServerView): SentServer & { checked: string } {
  const rest = JSON.stringify({ ...view, lastCheckedAt: undefined, latencyMs: undefined });
  const checked = `"lastCheckedAt":${JSON.stringify(view.lastCheckedAt)},"latencyMs":${JSON.stringify(view.latencyMs)}`;
  return { path: view.path, rest, checked, text: `${rest.slice(0, -1)},${checked}}` };
}

/** What was sent to clients last, so that only differences are sent. */
export class LiveState {
  readonly #servers = new Map<string, SentServer>();
  #generation = 'null';
  #stats = 'null';
  #loaded = false;

  /** False until all servers were read once: before that nothing was sent. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Whether clients know of this server. */
  knows(serverId: string): boolean {
    return this.#servers.has(serverId);
  }

  /** Stores the servers read for `ids` (undefined: all of them); requested ones that are missing are removed. */
  putServers(ids: readonly string[] | undefined, views: readonly ServerView[]): Delta[] {
    const deltas: Delta[] = [];
    const gone = new Set(ids ?? this.#servers.keys());
    for (const view of views) {
      gone.delete(view.id);
      const { checked, ...sent } = serialize(view);
      const before = this.#servers.get(view.id);
      if (before?.text === sent.text) continue;
      this.#servers.set(view.id, sent);
      const named = `"serverId":${JSON.stringify(view.id)},"path":${JSON.stringify(view.path)}`;
      deltas.push({
        key: `server/${view.id}`,
        body: `{"type":"server.changed","server":${sent.text}}`,
        ...(before?.rest === sent.rest && { brief: `{"type":"server.checked",${named},${checked}}` }),
      });
    }
    for (const id of gone) {
      const known = this.#servers.get(id);
      if (known === undefined) continue;
      this.#servers.delete(id);
      const body = JSON.stringify({ type: 'server.removed', serverId: id, path: known.path });
      deltas.push({ key: `server/${id}`, body });
    }
    if (ids === undefined) this.#loaded = true;
    return deltas;
  }

  putGeneration(generation: LiveGeneration | null): Delta[] {
    const text = JSON.stringify(generation);
    // Nothing was published yet; a published generation never becomes null again.
    if (generation === null || text === this.#generation) return [];
    this.#generation = text;
    return [{ key: 'generation', body: `{"type":"generation.published","generation":${text}}` }];
  }

  putStats(stats: LiveStats): Delta[] {
    const text = JSON.stringify(stats);
    if (text === this.#stats) return [];
    this.#stats = text;
    return [{ key: 'stats', body: `{"type":"stats.changed","stats":${text}}` }];
  }

  /** The snapshot message as of `seq`, JSON text. */
  snapshot(seq: number): string {
    const servers = [...this.#servers.values()].map((server) => server.text).join(',');
    return `{"seq":${seq},"type":"snapshot","servers":[${servers}],"generation":${this.#generation},"stats":${this.#stats}}`;
  }
}
