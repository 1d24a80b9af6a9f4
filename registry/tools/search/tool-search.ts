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

/** Which tools are searched; absent: all. */
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

/** Searches the tools of all servers, by the ranking of the meta endpoint. */
export interface ToolSearch {
  /** Best first. Finds what is stored when it is asked. */
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

/** Creates the search. Its index is made by the first query, and again, in slices, by the first one after tools or servers changed. */
export function createToolSearch(rows: SearchRows, events: Events): ToolSearch {
  /** By id; undefined until the first query: an instance that nobody searches keeps nothing. */
  let servers: Map<string, IndexedServer> | undefined;
  const changed = new Set<string>();
  let built: Built | undefined;
  let building: Promise<void> | undefined;

  const note = ({ serverId }: { serverId: string }) => {
    if (servers !== undefined) changed.add(serverId);
  };
  const stops = (
    ['server.registered', 'server.changed', 'server.removed', 'server.restored', 'tools.changed'] as const
  ).map((name) => events.on(name, note));

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
    // In the order of the meta endpoint: of equally good tools the first comes first.
    const sorted = [...servers.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
    const entries = sorted.flatMap((server) => server.tools.map((tool) => ({ server, tool })));
    const index = await buildToolIndex(
      entries.map(({ tool }) => tool.words),
      () => setImmediate(),
    );
    built = { index, entries };
  }

  async function current(): Promise<Built> {
    // What is being built may have been begun before the last change, the one after it not.
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
