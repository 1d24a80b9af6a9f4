import type {
  Actor,
  ApproveInput,
  ListedTools,
  PinInput,
  Tool,
  ToolChange,
  ToolHit,
  ToolsView,
} from '../contract/index.ts';
import { describeError } from '../errors.ts';
import { requireServer, type SearchGroup, type StoredServer } from '../store/index.ts';
import { approveTools, pinServer } from './lock/approve-tools.ts';
import { hashTools } from './snapshot/hash-tools.ts';
import { readStates, readVariants } from './snapshot/instance-lists.ts';
import { judgeHits } from './lock/judge-hits.ts';
import { judgeTools, listCallable } from './lock/evaluate-lock.ts';
import { forgetTools, keepTools, reindexServer } from './snapshot/record-tools.ts';
import type { DiscoveryParts } from './tools-deps.ts';
import { queryWords } from './search/search-words.ts';
import { showTools } from './show-tools.ts';

export interface Discovery {
  /** Keeps what instances of a server list, by their id; gives the content hash and the length of the whole list. */
  keepTools(server: StoredServer, listed: ReadonlyMap<string, ListedTools>): Promise<{ hash: string; count: number }>;
  hashTools(tools: Tool[]): string;
  /** The names that the gate may let through; null: any. For the access writer. */
  allowedTools(serverId: string): Promise<string[] | null>;
  /** Throws RegistryError `not_found`. */
  tools(path: string): Promise<ToolsView>;
  /** How the tools of a server changed, newest first. Throws RegistryError `not_found`. */
  changes(path: string, query: { limit: number; beforeId?: number | undefined }): Promise<ToolChange[]>;
  /** Best hit first; nothing for a query without a letter or digit. */
  search(query: SearchGroup & { q: string; limit: number; offset?: number }): Promise<ToolHit[]>;
  pin(actor: Actor, path: string, input: PinInput): Promise<ToolsView>;
  approve(actor: Actor, path: string, input: ApproveInput): Promise<ToolsView>;
  close(): Promise<void>;
}

/** Makes the part that knows the tools of all servers. */
export function createDiscovery(parts: DiscoveryParts): Discovery {
  const { store, events, log } = parts;
  const following = new Set<Promise<void>>();

  function follow(work: Promise<void>, what: string): void {
    const done = work
      .catch((error: unknown) => {
        log.error({ error: describeError(error) }, what);
      })
      .finally(() => following.delete(done));
    following.add(done);
  }
  const unsubscribe = [
    events.on('server.changed', ({ serverId }) => {
      follow(reindexServer(parts, serverId), 'the search index of a changed server could not be written');
    }),
    events.on('server.removed', ({ serverId }) => {
      follow(forgetTools(parts, serverId), 'the tools of a removed server could not be forgotten');
    }),
  ];

  async function show(server: StoredServer): Promise<ToolsView> {
    const observation = await store.observations.byServer(server.id);
    const hash = observation?.snapshotHash;
    const tools = await store.tools.byServer(server.id);
    return showTools({
      server,
      observation,
      takenAt: hash ? await store.observations.snapshotAt(hash) : undefined,
      tools,
      others: await readVariants(store, server, new Map(tools.map((tool) => [tool.name, tool.hash]))),
      pin: await store.pins.byServer(server.id),
      approvals: await store.pins.approvals(server.id),
    });
  }

  return {
    keepTools: (server, listed) => keepTools(parts, server, listed),
    hashTools,
    async allowedTools(serverId) {
      const pin = await store.pins.byServer(serverId);
      if (pin?.mode !== 'enforce') return null;
      const server = await store.servers.byId(serverId);
      if (server === undefined) return [];
      const hashes = await store.tools.hashes(serverId);
      const listed = [...hashes].map(([name, hash]) => ({ name, hash }));
      const others = await readVariants(store, server, hashes);
      const approvals = await store.pins.approvals(serverId);
      return listCallable(pin.mode, judgeTools(pin.mode, { listed, approvals, others, ...readStates(server) }));
    },
    tools: async (path) => show(await requireServer(store, path)),
    async changes(path, query) {
      const server = await requireServer(store, path);
      return store.tools.changes(server.id, query);
    },
    search: async ({ q, offset = 0, ...rest }) =>
      judgeHits(store, await store.toolSearch.search(queryWords(q), { offset, ...rest })),
    pin: async (actor, path, { mode }) => show(await pinServer(parts, actor, path, mode)),
    approve: async (actor, path, input) => show(await approveTools(parts, actor, path, input)),
    async close() {
      for (const stop of unsubscribe) stop();
      await Promise.all(following);
    },
  };
}
