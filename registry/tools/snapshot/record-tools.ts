import { isDeepStrictEqual } from 'node:util';
import type { ListedTools, TextFinding, Tool, ToolChange } from '../../contract/index.ts';
import { mapInSlices } from '../../lib/in-slices.ts';
import type { Rows, StoredServer } from '../../store/index.ts';
import { diffTools } from '../diff/diff-tools.ts';
import { shortenChange } from '../diff/shorten-change.ts';
import { hashList, hashTool, hashTools } from './hash-tools.ts';
import { mergeLists } from './instance-lists.ts';
import { updateIssues } from '../issues/update-issues.ts';
import type { ToolsDeps } from '../tools-deps.ts';
import { scanTool } from '../scan/scan-tool.ts';

/** Limits of the changes stored per server: their number, and the bytes of their definitions. */
const MAX_CHANGES = { limit: 500, maxBytes: 1024 * 1024 };

export interface RecordDeps extends ToolsDeps {
  /** By server: hashes of snapshots that were replaced by later ones but are still stored. */
  replacedSnapshots: Map<string, Set<string>>;
}

interface Analysis {
  hashes: ReadonlyMap<string, string>;
  /** Findings in tools that are new or changed. */
  findings: ReadonlyMap<string, TextFinding[]>;
}

/** Hashes tools and scans those that differ from `before`: a second of work for 4 MB, so in slices. */
async function analyse(tools: readonly Tool[], before: ReadonlyMap<string, string>): Promise<Analysis> {
  const analysed = await mapInSlices(tools, (tool) => {
    const hash = hashTool(tool);
    return { name: tool.name, hash, findings: before.get(tool.name) === hash ? [] : scanTool(tool) };
  });
  return {
    hashes: new Map(analysed.map(({ name, hash }) => [name, hash])),
    findings: new Map(analysed.map(({ name, findings }) => [name, findings])),
  };
}

async function writeChanged(
  rows: Rows,
  server: StoredServer,
  tools: readonly Tool[],
  { hashes, before, findings }: Analysis & { before: ReadonlyMap<string, string> },
): Promise<void> {
  for (const name of before.keys()) if (!hashes.has(name)) await rows.tools.remove(server.id, name);
  for (const tool of tools) {
    const hash = hashes.get(tool.name) ?? '';
    if (before.get(tool.name) === hash) continue;
    await rows.tools.put(server.id, {
      name: tool.name,
      hash,
      tool,
      findings: findings.get(tool.name) ?? [],
    });
  }
}

/**
 * Stores the current tool lists of instances of a server, by instance id: each list and the merged one by content hash, changes since the last
 * list, and findings in new texts. Writes nothing if nothing changed. A tool lock is enforced when this returns.
 */
export async function recordTools(
  deps: RecordDeps,
  checkedServer: StoredServer,
  listed: ReadonlyMap<string, ListedTools>,
): Promise<{ hash: string; count: number }> {
  const { store, events } = deps;
  const server = (await store.servers.byId(checkedServer.id)) ?? checkedServer;
  const tools = await mergeLists(store, server, listed);
  const before = await store.tools.hashes(server.id);
  const { hashes, findings } = await analyse(tools, before);
  const hash = hashList(hashes);
  const observation = await store.observations.byServer(server.id);
  const now = new Date().toISOString();
  const changedLists = server.instances.flatMap((instance) => {
    const list = listed.get(instance.id);
    if (list === undefined) return [];
    const listHash = hashTools(list.tools);
    const isKnown = listHash === instance.toolsHash && isDeepStrictEqual(list.malformed, instance.malformed ?? []);
    return isKnown ? [] : [{ id: instance.id, list, listHash, before: instance.toolsHash }];
  });
  const isSame = hashList(before) === hash;
  if (isSame && changedLists.length === 0) {
    if (observation?.snapshotHash !== hash) await store.observations.putSnapshot(hash, tools, now);
    return { hash, count: tools.length };
  }

  // The first list of a server is not a change.
  const isFirst = before.size === 0 && !observation?.snapshotHash;
  const old = isSame || isFirst ? [] : (await store.tools.byServer(server.id)).map((stored) => stored.tool);
  const changes: Omit<ToolChange, 'id'>[] =
    isSame || isFirst ? [] : diffTools(old, tools).map((change) => ({ at: now, ...shortenChange(change) }));
  // A server may list something else every few seconds. Snapshots replaced here are deleted by the next call: the results of a check are
  // stored shortly after its tools, and may still refer to them.
  const replaced = deps.replacedSnapshots.get(server.id) ?? new Set<string>();
  deps.replacedSnapshots.set(server.id, replaced);
  replaced.delete(hash);
  await store.transaction(async (rows) => {
    if (!isSame) await writeChanged(rows, server, tools, { hashes, before, findings });
    await rows.tools.addChanges(server.id, changes);
    await rows.tools.pruneChanges(server.id, MAX_CHANGES);
    await rows.observations.putSnapshot(hash, tools, now);
    for (const { id, list, listHash } of changedLists) {
      if (listHash !== hash) await rows.observations.putSnapshot(listHash, list.tools, now);
      await rows.servers.putInstanceTools(server.id, id, listHash, list.malformed);
    }
    const removed = await rows.observations.removeUnused([...replaced]);
    for (const old of removed) replaced.delete(old);
  });
  for (const { before: known } of changedLists) if (known !== null) replaced.add(known);
  if (!isSame) replaced.add(hashList(before));
  // The tools that a lock allows, or that are read-only, may have changed.
  await deps.accessFiles.writeServer(server.id);
  await updateIssues(store, server.id);
  events.emit('tools.changed', { serverId: server.id, path: server.path });
  return { hash, count: tools.length };
}

/** Deletes the tools of a removed server; its tool lock and changes are retained in case it is restored. */
export async function removeTools(deps: ToolsDeps, serverId: string): Promise<void> {
  await updateIssues(deps.store, serverId);
  await deps.store.transaction(async (rows) => {
    for (const name of (await rows.tools.hashes(serverId)).keys()) await rows.tools.remove(serverId, name);
  });
}

/** Updates the issues of a changed server: its instances may have changed. */
export async function updateServerIssues(deps: ToolsDeps, serverId: string): Promise<void> {
  const server = await deps.store.servers.byId(serverId);
  if (server === undefined || server.removedAt !== null) return;
  if (await updateIssues(deps.store, serverId)) deps.events.emit('tools.changed', { serverId, path: server.path });
}
