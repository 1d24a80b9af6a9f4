import type {
  Actor,
  ApproveInput,
  ListedTools,
  ToolLockInput,
  Tool,
  ToolChange,
  ToolHit,
  ToolsView,
} from '../contract/index.ts';
import { describeError } from '../lib/errors.ts';
import { requireServer, type StoredServer } from '../store/index.ts';
import { approveTools, lockTools } from './lock/lock-tools.ts';
import { hashTools } from './snapshot/hash-tools.ts';
import { readVariants } from './snapshot/instance-lists.ts';
import { evaluateHits } from './lock/evaluate-hits.ts';
import { createToolPolicy, type ToolPolicy } from './lock/tool-policy.ts';
import { removeTools, recordTools, updateServerIssues, type RecordDeps } from './snapshot/record-tools.ts';
import type { ToolsDeps } from './tools-deps.ts';
import { createToolSearch, type SearchGroup } from './search/tool-search.ts';
import { showTools } from './show-tools.ts';

/** Limit of a page of changes. */
const MAX_PAGE_BYTES = 256 * 1024;

export interface Tools extends ToolPolicy {
  /** Stores the tool lists of instances of a server, by instance id; returns content hash and length of the merged list. */
  recordTools(server: StoredServer, listed: ReadonlyMap<string, ListedTools>): Promise<{ hash: string; count: number }>;
  hashTools(tools: Tool[]): string;
  /** Throws RegistryError `not_found`. */
  tools(path: string): Promise<ToolsView>;
  /** Changes of a server's tools, newest first; fewer than `limit` if they are large. Throws RegistryError `not_found`. */
  changes(
    path: string,
    query: { limit: number; beforeId?: number | undefined },
  ): Promise<{ items: ToolChange[]; hasMore: boolean }>;
  /** Best hit first; empty for a query without a letter or digit. */
  search(query: SearchGroup & { q: string; limit: number; offset?: number }): Promise<ToolHit[]>;
  setLock(actor: Actor, path: string, input: ToolLockInput): Promise<ToolsView>;
  approve(actor: Actor, path: string, input: ApproveInput): Promise<ToolsView>;
  close(): Promise<void>;
}

/** Creates the tools feature: lists, snapshots, changes, locks and search of the tools of all servers. */
export function createTools(deps: ToolsDeps): Tools {
  const { store, events, log } = deps;
  const search = createToolSearch(store, events);
  const running = new Set<Promise<void>>();
  const recording: RecordDeps = { ...deps, replacedSnapshots: new Map() };

  function logFailure(work: Promise<void>, message: string): void {
    const done = work
      .catch((error: unknown) => {
        log.error({ error: describeError(error) }, message);
      })
      .finally(() => running.delete(done));
    running.add(done);
  }
  const unsubscribe = [
    events.on('server.changed', ({ serverId }) => {
      logFailure(updateServerIssues(deps, serverId), 'the issues of a changed server could not be written');
    }),
    events.on('server.removed', ({ serverId }) => {
      recording.replacedSnapshots.delete(serverId);
      logFailure(removeTools(deps, serverId), 'the tools of a removed server could not be deleted');
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
      toolLock: await store.toolLocks.byServer(server.id),
      approvals: await store.toolLocks.approvals(server.id),
    });
  }

  return {
    ...createToolPolicy(store),
    recordTools: (server, listed) => recordTools(recording, server, listed),
    hashTools,
    tools: async (path) => show(await requireServer(store, path)),
    async changes(path, query) {
      const server = await requireServer(store, path);
      return store.tools.changes(server.id, { ...query, maxBytes: MAX_PAGE_BYTES });
    },
    search: async ({ q, offset = 0, ...rest }) => evaluateHits(store, await search.find(q, { offset, ...rest })),
    setLock: async (actor, path, { mode }) => show(await lockTools(deps, actor, path, mode)),
    approve: async (actor, path, input) => show(await approveTools(deps, actor, path, input)),
    async close() {
      for (const stop of unsubscribe) stop();
      search.close();
      await Promise.all(running);
    },
  };
}
