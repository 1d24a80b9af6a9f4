import {
  MANAGEMENT_PATH,
  type Actor,
  type CompleteServer,
  type RemovedServers,
  type ServerBatch,
  type ServerInput,
  type ServerPatch,
  type ServerView,
  type ToolIssue,
  type VirtualVersions,
} from '../contract/index.ts';
import { noServerAt, RegistryError } from '../lib/errors.ts';
import type { Observation, StoredServer } from '../store/index.ts';
import { changeServer } from './change/change-server.ts';
import { filterServers, type ServerQuery } from './views/list-servers.ts';
import type { ServerChanged, ServersDeps } from './servers-deps.ts';
import { registerServer, type RegisterOptions } from './change/register-server.ts';
import { removeServer, restoreServer } from './change/remove-server.ts';
import { showServer } from './views/show-server.ts';
import { prepareBatch, type PreparedBatch } from './batch/prepare-batch.ts';
import { toInput } from './batch/to-input.ts';
import { createViewCache, type ServedState } from './views/view-cache.ts';

export interface Servers {
  register(actor: Actor, input: ServerInput, options?: RegisterOptions): Promise<ServerChanged>;
  change(actor: Actor, path: string, patch: ServerPatch, expectedRevision?: number): Promise<ServerChanged>;
  remove(actor: Actor, path: string, expectedRevision?: number): Promise<ServerChanged>;
  restore(actor: Actor, path: string): Promise<ServerChanged>;
  /** Servers that can be restored, most recently removed first. */
  removed(limit: number): Promise<RemovedServers['items']>;
  /** Versions of a virtual server, latest first. Throws RegistryError `not_found` or `invalid` (it is not virtual). */
  versions(path: string): Promise<VirtualVersions['items']>;
  /** Uses the tools of an earlier version again. Throws as `change` and `versions` do. */
  restoreVersion(actor: Actor, path: string, version: number, expectedRevision?: number): Promise<ServerChanged>;
  /** Sorted by path. */
  list(query: ServerQuery): Promise<ServerView[]>;
  /** A view as JSON text, serialized once per view. */
  toJson(view: ServerView): Buffer;
  /** Every server, sorted by path: for live views, metrics and the meta endpoint. */
  all(): Promise<readonly ServerView[]>;
  /** Throws RegistryError `not_found`. */
  get(path: string): Promise<ServerView>;
  byId(id: string): Promise<ServerView | undefined>;
  /** Every server except the built-in one as the input that creates it, secrets in plain text, by path. */
  inputs(): Promise<Map<string, { item: CompleteServer; managedBy: string }>>;
  /** Validates and probes many servers that are to be stored in one transaction. */
  prepareBatch(batch: ServerBatch, options: { probe: boolean }): Promise<PreparedBatch>;
}

/** Creates the catalogue, the only code that registers, changes, removes and shows servers. */
export function createServers(deps: ServersDeps): Servers {
  const stateOf = (server: StoredServer): ServedState => ({
    ...deps.publisher.configurationStatus(server),
    isEnforced: !deps.accessFiles.isOverdue({ server: server.id }),
  });
  const show = (
    server: StoredServer,
    observation: Observation | undefined,
    toolIssues: readonly ToolIssue[],
  ): ServerView => {
    return showServer(server, { observation, toolIssues, ...stateOf(server), gatewayUrl: deps.gatewayUrl });
  };
  async function showOne(server: StoredServer): Promise<ServerView> {
    const { observations, toolIssues } = deps.store;
    return show(server, await observations.byServer(server.id), await toolIssues.byServer(server.id));
  }

  async function byId(id: string): Promise<ServerView | undefined> {
    const server = await deps.store.servers.byId(id);
    return server && showOne(server);
  }
  let changing = 0;
  async function count<Value>(change: Promise<Value>, willReload = false): Promise<Value> {
    changing += 1;
    deps.events.emit('servers.changing', { count: changing, willReload });
    try {
      return await change;
    } finally {
      changing -= 1;
      deps.events.emit('servers.changing', { count: changing });
    }
  }
  async function respond({
    id,
    revision,
    droppedHeaders = [],
  }: {
    id: string;
    revision: number | null;
    droppedHeaders?: string[];
  }): Promise<ServerChanged> {
    const server = await byId(id);
    if (server === undefined) throw noServerAt(id);
    return { server, revision: revision ?? server.revision, changed: revision !== null, droppedHeaders };
  }
  const views = createViewCache(show, stateOf);
  const all = async () => {
    const { servers, observations, toolIssues } = deps.store;
    return views.show(await servers.all(), await observations.all(), await toolIssues.all());
  };

  async function versions(path: string): Promise<VirtualVersions['items']> {
    const server = await deps.store.servers.byPath(path);
    if (server === undefined) throw noServerAt(path);
    if (server.tools !== undefined) return deps.store.virtualVersions.list(server.id);
    throw new RegistryError('invalid', `"${path}" is not a virtual server, and only these have versions`, {
      hint: 'Its changes are in the audit.',
    });
  }

  return {
    byId,
    all,
    versions,
    async restoreVersion(actor, path, version, expected) {
      const saved = await versions(path);
      const found = saved.find((item) => item.version === version);
      if (found !== undefined)
        return respond(await count(changeServer(deps, actor, path, { tools: found.tools }, expected)));
      throw new RegistryError('not_found', `version: "${path}" has no version ${version}`, {
        hint: `Versions ${saved.at(-1)?.version ?? 0} to ${saved[0]?.version ?? 0} exist.`,
      });
    },
    toJson: (view) => views.toJson(view),
    register: async (actor, input, options) => respond(await count(registerServer(deps, actor, input, options), true)),
    change: async (actor, path, patch, expected) =>
      respond(await count(changeServer(deps, actor, path, patch, expected))),
    remove: async (actor, path, expected) => respond(await count(removeServer(deps, actor, path, expected))),
    restore: async (actor, path) => respond(await count(restoreServer(deps, actor, path))),
    removed: (limit) => deps.store.servers.removed(limit),
    prepareBatch: (batch, options) => count(prepareBatch(deps, batch, options)),
    async inputs() {
      const { servers } = deps.store;
      const stored = (await servers.all()).filter(({ path }) => path !== MANAGEMENT_PATH);
      return new Map(
        await Promise.all(
          stored.map(async (server) => {
            const secrets = {
              headers: await servers.credentials(server.id),
              env: await servers.environment(server.id),
              document: server.openapi === undefined ? undefined : await servers.document(server.id),
            };
            return [server.path, { item: toInput(server, secrets), managedBy: server.managedBy ?? '' }] as const;
          }),
        ),
      );
    },
    list: async (query) => filterServers(await all(), query),
    async get(path) {
      const server = await deps.store.servers.byPath(path);
      if (server === undefined) throw noServerAt(path);
      return showOne(server);
    },
  };
}
