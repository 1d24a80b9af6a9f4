import { createToolIndex, type CatalogueFile, type SearchableTool, type ToolIndex } from '@mcpgw/registry/contract';
import type { Catalogue } from './catalogue.ts';
import type { ListedTool, View } from './visible.ts';

export interface Match {
  /** Path of the server. */
  server: string;
  tool: ListedTool;
}

/** Searches the tools of all servers; a caller finds those that it may call. */
export interface ToolSearch {
  find: (view: View, query: string, limit: number) => Match[];
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

function describe({ path, name, tags }: CatalogueFile, tool: ListedTool): SearchableTool {
  const { properties = {} } = (tool['inputSchema'] ?? {}) as { properties?: object };
  return {
    name: tool.name,
    title: text(tool['title']),
    description: text(tool['description']),
    parameters: Object.keys(properties).join(' '),
    server: `${path} ${name}`,
    tags: tags.join(' '),
  };
}

interface Described {
  words: string;
  tools: SearchableTool[];
}

/** Creates the search; its index is made again where a server or its tools changed, at the next query. */
export function createToolSearch(catalogue: Catalogue): ToolSearch {
  let before: unknown[] = [];
  let entries: Match[] = [];
  let index: ToolIndex = createToolIndex([]);
  const described = new WeakMap<readonly ListedTool[], Described>();

  function describeAll(server: CatalogueFile): SearchableTool[] {
    const tools = server.tools ?? [];
    const words = [server.path, server.name, ...server.tags].join(' ');
    const known = described.get(tools);
    if (known?.words === words) return known.tools;
    const made = { words, tools: tools.map((tool) => describe(server, tool)) };
    described.set(tools, made);
    return made.tools;
  }

  function refresh(): void {
    const servers = catalogue.servers();
    // Not the files: their health changes often and is not searched.
    const now = servers.flatMap(({ path, name, tags, tools }) => [path, name, tags.join(' '), tools]);
    if (now.length === before.length && now.every((one, at) => one === before[at])) return;
    before = now;
    entries = servers.flatMap(({ path, tools }) => (tools ?? []).map((tool) => ({ server: path, tool })));
    index = createToolIndex(servers.flatMap(describeAll));
  }

  return {
    find(view, query, limit) {
      refresh();
      const visible = new Map(view.servers.map((server) => [server.server.path, server.mayCall]));
      const accepts = (at: number) => {
        const entry = entries[at];
        return entry !== undefined && visible.get(entry.server)?.(entry.tool.name) === true;
      };
      return index.search(query, limit, accepts).flatMap((at) => entries[at] ?? []);
    },
  };
}
