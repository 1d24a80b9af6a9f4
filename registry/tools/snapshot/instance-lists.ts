import type { ListedTools, Tool, ToolsView } from '../../contract/index.ts';
import type { Rows, StoredServer } from '../../store/index.ts';
import { hashList, hashTool } from './hash-tools.ts';

/** A definition of a tool that differs from the one shown for its server. */
export interface ToolVariant {
  /** URLs of the instances that list it. */
  instances: string[];
  hash: string;
  tool: Tool;
}

/** The state of the enabled instances that a tool lock needs: whether one has listed its tools, and the names of malformed tools. */
export function readStates(server: StoredServer): { hasListed: boolean; malformed: ReadonlySet<string> } {
  return {
    hasListed: server.instances.some(({ enabled, toolsHash }) => enabled && toolsHash !== null),
    malformed: new Set(listMalformed(server).flatMap(({ name }) => name ?? [])),
  };
}

/** The malformed tools of enabled instances, each with the URLs of those that list it. */
export function listMalformed({ instances }: StoredServer): ToolsView['malformed'] {
  const found = new Map<string, ToolsView['malformed'][number]>();
  for (const { url, enabled, malformed = [] } of instances)
    for (const { name, problem } of enabled ? malformed : []) {
      const key = JSON.stringify([name, problem]);
      const same = found.get(key) ?? { name, problem, instances: [] };
      if (!same.instances.includes(url)) same.instances.push(url);
      found.set(key, same);
    }
  return [...found.values()];
}

type Snapshots = Pick<Rows, 'observations'>;

/**
 * The tools of a server as one list: those of every enabled instance that was just listed or is up. If two define a tool differently, the
 * definition of the first instance is used; `readVariants` returns the others.
 */
export async function mergeLists(
  rows: Snapshots,
  server: StoredServer,
  listed: ReadonlyMap<string, Pick<ListedTools, 'tools'>>,
): Promise<Tool[]> {
  const merged = new Map<string, Tool>();
  for (const { id, enabled, up, toolsHash } of server.instances) {
    const now = listed.get(id)?.tools;
    if (!enabled || (now === undefined && (!up || toolsHash === null))) continue;
    for (const tool of now ?? (await rows.observations.snapshot(toolsHash ?? '')) ?? [])
      if (!merged.has(tool.name)) merged.set(tool.name, tool);
  }
  return [...merged.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * By tool: definitions that enabled instances, up or down, listed last and that differ from the list of the server, passed as its hashes. If
 * all lists are equal, nothing is read.
 */
export async function readVariants(
  rows: Snapshots,
  server: StoredServer,
  hashes: ReadonlyMap<string, string>,
): Promise<Map<string, ToolVariant[]>> {
  const whole = hashList(hashes);
  const variants = new Map<string, ToolVariant[]>();
  const known = server.instances.filter(({ enabled, toolsHash }) => enabled && toolsHash !== null);
  for (const [listHash, instances] of Map.groupBy(known, ({ toolsHash }) => toolsHash ?? '')) {
    if (listHash === whole) continue;
    for (const tool of (await rows.observations.snapshot(listHash)) ?? []) {
      const hash = hashTool(tool);
      if (hashes.get(tool.name) === hash) continue;
      const found = variants.get(tool.name) ?? [];
      const same = found.find((variant) => variant.hash === hash);
      const urls = instances.map(({ url }) => url);
      if (same === undefined) found.push({ instances: urls, hash, tool });
      else same.instances.push(...urls);
      variants.set(tool.name, found);
    }
  }
  return variants;
}
