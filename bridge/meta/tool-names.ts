import { createHash } from 'node:crypto';
import type { CatalogueServer } from '@mcpgw/registry/contract';
import type { Catalogue } from './catalogue.ts';
import type { ListedTool, VisibleServer } from './visible.ts';
import { createToolWatch } from './watch-tools.ts';

/** A tool with its name in the list of all servers' tools. */
export interface NamedTool {
  name: string;
  server: VisibleServer;
  tool: ListedTool;
}

export interface ToolNames {
  /** All known tools of servers, with their names. */
  list: (servers: readonly VisibleServer[]) => NamedTool[];
}

/** Clients refuse longer names. */
const MAX_LENGTH = 64;
const HASH_LENGTH = 6;
const LONGER_HASHES = [12, 24, 40];
const SEPARATOR = '__';
const LEAST_OF_SERVER = 8;

const clean = (text: string) => text.replace(/[^A-Za-z0-9_-]/g, '_');
/** A name that ends like a hash could equal the shortened name of another tool. */
const looksShortened = (name: string) => /_(?:[0-9a-f]{6}|[0-9a-f]{12}|[0-9a-f]{24}|[0-9a-f]{40})$/.test(name);

function shorten(server: string, tool: string, hashLength: number): string {
  const digest = createHash('sha256').update(`${server} ${tool}`).digest('hex').slice(0, hashLength);
  const room = MAX_LENGTH - hashLength - 1;
  const full = `${clean(server)}${SEPARATOR}${clean(tool)}`;
  if (full.length <= room) return `${full}_${digest}`;
  // The name of the tool is more informative than that of the server.
  const ofTool = clean(tool).slice(0, room - SEPARATOR.length - LEAST_OF_SERVER);
  const ofServer = clean(server).slice(0, room - SEPARATOR.length - ofTool.length);
  return `${ofServer}${SEPARATOR}${ofTool}_${digest}`;
}

/**
 * `server__tool` of letters, digits, `_` and `-`, at most 64 characters. A name that had to be changed for that, or looks like one that was,
 * ends with a hash of server and tool. So it depends on nothing else: neither on other tools nor on what the caller may see.
 */
export function nameTool(server: string, tool: string, hashLength = HASH_LENGTH): string {
  const plain = `${server}${SEPARATOR}${tool}`;
  const isUnique = plain === clean(plain) && !server.includes(SEPARATOR) && plain.length <= MAX_LENGTH;
  return isUnique && !looksShortened(plain) ? plain : shorten(server, tool, hashLength);
}

type Pair = readonly [server: string, tool: string];
const keyOf = (server: string, tool: string) => `${server} ${tool}`;

/**
 * Names for tools whose usual name is not unique, by path and tool: each gets a longer hash. None of them retains the usual name, so that it
 * never refers to a different tool than before.
 */
export function resolveCollisions(pairs: readonly Pair[]): Map<string, string> {
  const resolved = new Map<string, string>();
  let open = pairs;
  for (const length of LONGER_HASHES) {
    const byName = Map.groupBy(open, ([server, tool]) => resolved.get(keyOf(server, tool)) ?? nameTool(server, tool));
    open = [...byName.values()].filter((same) => same.length > 1).flat();
    if (open.length === 0) break;
    for (const [server, tool] of open) resolved.set(keyOf(server, tool), shorten(server, tool, length));
  }
  return resolved;
}

const pairsOf = ({ path, tools }: CatalogueServer): Pair[] =>
  [...new Set((tools ?? []).map(({ name }) => name))].map((name): Pair => [path, name]);

/** Names for the tools of all servers, the same for every caller, whatever it may see. */
export function createToolNames(catalogue: Catalogue): ToolNames {
  const hasChanged = createToolWatch(catalogue);
  const named = new WeakMap<readonly ListedTool[], { path: string; names: string[] }>();
  let resolved: Map<string, string> | undefined;

  function usualNames({ path, tools }: CatalogueServer): string[] {
    if (tools === null) return [];
    const before = named.get(tools);
    if (before?.path === path) return before.names;
    const names = tools.map(({ name }) => nameTool(path, name));
    named.set(tools, { path, names });
    return names;
  }

  function collisions(): Map<string, string> {
    const isStale = hasChanged();
    if (resolved !== undefined && !isStale) return resolved;
    const servers = catalogue.servers();
    const seen = new Set<string>();
    const duplicates = new Set<string>();
    for (const name of servers.flatMap(usualNames))
      if (seen.has(name)) duplicates.add(name);
      else seen.add(name);
    const open =
      duplicates.size === 0 ? [] : servers.flatMap(pairsOf).filter((pair) => duplicates.has(nameTool(...pair)));
    resolved = resolveCollisions(open);
    return resolved;
  }

  return {
    list(servers) {
      const replacements = collisions();
      return servers.flatMap((server) =>
        (server.tools ?? []).map((tool) => {
          const { path } = server.server;
          return { name: replacements.get(keyOf(path, tool.name)) ?? nameTool(path, tool.name), server, tool };
        }),
      );
    },
  };
}
