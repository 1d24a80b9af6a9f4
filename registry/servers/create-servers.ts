import type { Actor, Page, ServerInput, ServerPatch, ServerView } from '../contract/index.ts';
import { noServerAt } from '../errors.ts';
import type { Observation, StoredServer } from '../store/index.ts';
import { changeServer } from './change/change-server.ts';
import { pageServers, type ServerQuery } from './views/list-servers.ts';
import type { ServerChanged, ServersParts } from './servers-deps.ts';
import { registerServer, type RegisterOptions } from './change/register-server.ts';
import { removeServer, restoreServer } from './change/remove-server.ts';
import { rememberViews } from './views/memoize-views.ts';
import { showServer } from './views/show-server.ts';

export interface Servers {
  register(actor: Actor, input: ServerInput, options?: RegisterOptions): Promise<ServerChanged>;
  change(actor: Actor, path: string, patch: ServerPatch, expectedRevision?: number): Promise<ServerChanged>;
  remove(actor: Actor, path: string, expectedRevision?: number): Promise<ServerChanged>;
  restore(actor: Actor, path: string): Promise<ServerChanged>;
  list(query: ServerQuery): Promise<Page<ServerView>>;
  /** Every server, sorted by path: for live views, metrics and the meta endpoint. */
  all(): Promise<readonly ServerView[]>;
  /** Throws RegistryError `not_found`. */
  get(path: string): Promise<ServerView>;
  byId(id: string): Promise<ServerView | undefined>;
}

/** Makes the catalogue: the only one who registers, changes, removes and shows servers. */
export function createServers(parts: ServersParts): Servers {
  const show = (server: StoredServer, observation: Observation | undefined): ServerView =>
    showServer(server, { observation, ...parts.appliedStatus(server), gatewayUrl: parts.gatewayUrl });

  async function byId(id: string): Promise<ServerView | undefined> {
    const server = await parts.store.servers.byId(id);
    return server && show(server, await parts.store.observations.byServer(id));
  }
  let changing = 0;
  async function count<Value>(change: Promise<Value>): Promise<Value> {
    changing += 1;
    parts.events.emit('servers.changing', { count: changing });
    try {
      return await change;
    } finally {
      changing -= 1;
      parts.events.emit('servers.changing', { count: changing });
    }
  }
  async function answer({ id, revision }: { id: string; revision: number | null }): Promise<ServerChanged> {
    const server = await byId(id);
    if (server === undefined) throw noServerAt(id);
    return { server, revision: revision ?? server.revision, changed: revision !== null };
  }
  const showAll = rememberViews(show, (server) => parts.appliedStatus(server));
  const all = async () => showAll(await parts.store.servers.all(), await parts.store.observations.all());

  return {
    byId,
    all,
    register: async (actor, input, options) => answer(await count(registerServer(parts, actor, input, options))),
    change: async (actor, path, patch, expected) =>
      answer(await count(changeServer(parts, actor, path, patch, expected))),
    remove: async (actor, path, expected) => answer(await count(removeServer(parts, actor, path, expected))),
    restore: async (actor, path) => answer(await count(restoreServer(parts, actor, path))),
    list: async (query) => pageServers(await all(), query),
    async get(path) {
      const server = await parts.store.servers.byPath(path);
      if (server === undefined) throw noServerAt(path);
      return show(server, await parts.store.observations.byServer(server.id));
    },
  };
}
