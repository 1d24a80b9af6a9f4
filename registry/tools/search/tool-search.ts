import { setImmediate } from 'node:timers/promises';
import {
  buildToolIndex,
  describeTool,
  kindOf,
  readToolWords,
  type ToolIndex,
  type ToolKind,
  type ToolWords,
} from '../../contract/index.ts';
import type { Events } from '../../lib/events.ts';
import { mapInSlices } from '../../lib/in-slices.ts';
import type { Rows, StoredHit } from '../../store/index.ts';

/** Restricts a search; absent: all tools. */
export interface SearchGroup {
  /** Tag of the server. */
  tag?: string | undefined;
  kind?: ToolKind | undefined;
  /** Path of the server. */
  server?: string | undefined;
}

export interface SearchHit extends StoredHit {
  /** Higher is better. */
  score: number;
}

/** Searches the tools of all servers with the ranking of the meta endpoint. */
export interface ToolSearch {
  /** Best first. Finds everything stored at the time of the query. */
  find: (query: string, page: SearchGroup & { limit: number; offset: number }) => Promise<SearchHit[]>;
  close: () => void;
}

interface IndexedTool {
  id: number;
  kind: ToolKind;
  words: ToolWords;
}

interface IndexedServer {
  path: string;
  tags: readonly string[];
  tools: readonly IndexedTool[];
}

interface Built {
  index: ToolIndex;
  entries: { server: IndexedServer; tool: IndexedTool }[];
}

type SearchRows = Pick<Rows, 'servers' | 'toolHits'>;

/** Creates the search. The first query builds its index; the first one after tools or servers changed updates it, in slices. */
export function createToolSearch(rows: SearchRows, events: Events): ToolSearch {
  /** By id; undefined until the first query, so that an instance without searches uses no memory for it. */
  let servers: Map<string, IndexedServer> | undefined;
  const changed = new Set<string>();
  let built: Built | undefined;
  let building: Promise<void> | undefined;

  const markChanged = ({ serverId }: { serverId: string }) => {
    if (servers !== undefined) changed.add(serverId);
  };
  const stops = (
    ['server.registered', 'server.changed', 'server.removed', 'server.restored', 'tools.changed'] as const
  ).map((name) => events.on(name, markChanged));

  async function readServer(known: Map<string, IndexedServer>, id: string): Promise<void> {
    const server = await rows.servers.byId(id);
    known.delete(id);
    if (server === undefined || server.removedAt !== null) return;
    const { path, tags } = server;
    const tools = await mapInSlices(await rows.toolHits.definitions(id), ({ id: toolId, tool }) => ({
      id: toolId,
      kind: kindOf(tool),
      words: readToolWords(describeTool(server, tool)),
    }));
    known.set(id, { path, tags, tools });
  }

  async function build(): Promise<void> {
    if (servers === undefined) {
      servers = new Map();
      for (const { id } of await rows.servers.all()) changed.add(id);
    }
    const ids = [...changed];
    changed.clear();
    try {
      for (const id of ids) await readServer(servers, id);
    } catch (error) {
      for (const id of ids) changed.add(id);
      throw error;
    }
    // In the order of the meta endpoint: tools with equal scores remain in this order.
    const sorted = [...servers.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    const entries = sorted.flatMap((server) => server.tools.map((tool) => ({ server, tool })));
    const index = await buildToolIndex(
      entries.map(({ tool }) => tool.words),
      () => setImmediate(),
    );
    built = { index, entries };
  }

  async function current(): Promise<Built> {
    // A build in progress may have started before the last change; the next one cannot have.
    if (building !== undefined) await building;
    if (built === undefined || changed.size > 0) {
      building ??= build().finally(() => (building = undefined));
      await building;
    }
    return built ?? { index: await buildToolIndex([], () => setImmediate()), entries: [] };
  }

  return {
    async find(query, { limit, offset, tag, kind, server }) {
      const { index, entries } = await current();
      const accepts = (at: number): boolean => {
        const entry = entries[at];
        return (
          entry !== undefined &&
          (server === undefined || entry.server.path === server) &&
          (tag === undefined || entry.server.tags.includes(tag)) &&
          (kind === undefined || entry.tool.kind === kind)
        );
      };
      const found = index.search(query, offset + limit, accepts).slice(offset);
      const scores = new Map(found.map(({ position, score }) => [entries[position]?.tool.id ?? 0, score]));
      const hits = await rows.toolHits.byIds([...scores.keys()]);
      return hits.map((hit) => ({ ...hit, score: scores.get(hit.id) ?? 0 }));
    },
    close() {
      for (const stop of stops) stop();
    },
  };
}
