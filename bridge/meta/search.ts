import { setImmediate } from 'node:timers/promises';
import {
  buildToolIndex,
  describeTool,
  readToolWords,
  type CatalogueServer,
  type ToolIndex,
  type ToolWords,
} from '@mcpgw/registry/contract';
import type { Catalogue } from './catalogue.ts';
import type { ListedTool, View } from './visible.ts';

export interface Match {
  /** Path of the server. */
  server: string;
  tool: ListedTool;
}

/** Searches the tools of all servers; a caller finds those that it may call. */
export interface ToolSearch {
  find: (view: View, query: string, limit: number) => Promise<Match[]>;
}

/** The words of the tools of a server, for one name and set of tags. */
interface ReadServer {
  ofServer: string;
  tools: ToolWords[];
}

interface Built {
  index: ToolIndex;
  entries: Match[];
  /** What it was built from. */
  of: unknown[];
  /** When the build began, by the monotonic clock. */
  atMs: number;
}

/** Minimum time between two builds of the index. */
const LEAST_MS = 1_000;
/** Tools that are read between two pauses. */
const SLICE = 50;

/**
 * Creates the search. Its index is rebuilt, in slices, at the first query after a server or its tools changed; queries within LEAST_MS of the
 * last build use the previous index.
 */
export function createToolSearch(catalogue: Catalogue, nowMs = () => performance.now()): ToolSearch {
  let built: Built | undefined;
  let building: Promise<Built> | undefined;
  const read = new WeakMap<readonly ListedTool[], ReadServer>();

  async function readServer(server: CatalogueServer): Promise<ToolWords[]> {
    const tools = server.tools ?? [];
    const ofServer = [server.path, server.name, ...server.tags].join(' ');
    const known = read.get(tools);
    if (known?.ofServer === ofServer) return known.tools;
    const result: ReadServer = { ofServer, tools: [] };
    for (const tool of tools) {
      result.tools.push(readToolWords(describeTool(server, tool)));
      if (result.tools.length % SLICE === 0) await setImmediate();
    }
    await setImmediate();
    read.set(tools, result);
    return result.tools;
  }

  async function build(servers: readonly CatalogueServer[], of: unknown[]): Promise<Built> {
    const atMs = nowMs();
    const entries: Match[] = [];
    const tools: ToolWords[] = [];
    for (const server of servers) {
      for (const tool of server.tools ?? []) entries.push({ server: server.path, tool });
      for (const one of await readServer(server)) tools.push(one);
    }
    built = { index: await buildToolIndex(tools, () => setImmediate()), entries, of, atMs };
    return built;
  }

  function current(): Built | Promise<Built> {
    if (building !== undefined) return built ?? building;
    const servers = catalogue.servers();
    // Not the files: their health changes often and is not searched.
    const of = servers.flatMap(({ path, name, tags, tools }) => [path, name, tags.join(' '), tools]);
    if (built !== undefined) {
      const { of: before } = built;
      const isSame = of.length === before.length && of.every((one, at) => one === before[at]);
      if (isSame || nowMs() - built.atMs < LEAST_MS) return built;
    }
    building = build(servers, of).finally(() => (building = undefined));
    return building;
  }

  return {
    async find(view, query, limit) {
      const { index, entries } = await current();
      const visible = new Map(view.servers.map((server) => [server.server.path, server.mayCall]));
      const accepts = (at: number) => {
        const entry = entries[at];
        return entry !== undefined && visible.get(entry.server)?.(entry.tool.name) === true;
      };
      return index.search(query, limit, accepts).flatMap(({ position }) => entries[position] ?? []);
    },
  };
}
