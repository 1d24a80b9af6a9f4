import type { ToolHit } from '../../contract/index.ts';
import type { Rows } from '../../store/index.ts';
import type { SearchHit } from '../search/tool-search.ts';
import { hashTool } from '../snapshot/hash-tools.ts';
import { evaluateLock, type EvaluatedTool, type KnownLists } from './evaluate-lock.ts';

type LockRows = Pick<Rows, 'instanceLists' | 'observations' | 'toolLocks'>;

/** Definitions that instances list under the names of the hits, from lists that may differ from the server's merged list. */
async function readOthers(
  rows: LockRows,
  serverIds: readonly string[],
  names: ReadonlySet<string>,
): Promise<Map<string, Pick<KnownLists, 'others' | 'hasListed' | 'malformed'>>> {
  const lists = await rows.instanceLists.byServers(serverIds);
  const wholes = await rows.observations.mergedLists(serverIds);
  // Nearly always all instances have one list, equal to the server's.
  const differing = (id: string): string[] => {
    const [first, ...more] = lists.get(id)?.hashes ?? [];
    return first === undefined || (more.length === 0 && first === wholes.get(id)) ? [] : [first, ...more];
  };
  const snapshots = await rows.observations.snapshots([...new Set(serverIds.flatMap(differing))]);
  return new Map(
    serverIds.map((id) => {
      const tools = differing(id).flatMap((list) => snapshots.get(list) ?? []);
      const hashed = tools
        .filter(({ name }) => names.has(name))
        .map((tool) => ({ name: tool.name, hash: hashTool(tool) }));
      const byName = Map.groupBy(hashed, ({ name }) => name);
      return [id, { others: byName, hasListed: lists.has(id), malformed: lists.get(id)?.malformed ?? new Set() }];
    }),
  );
}

/** The evaluation of each hit on a server with a tool lock, by server and tool. */
async function evaluateLocked(
  rows: LockRows,
  hits: readonly SearchHit[],
): Promise<Map<string, ReadonlyMap<string, EvaluatedTool>>> {
  const modes = await rows.toolLocks.modes([...new Set(hits.map(({ serverId }) => serverId))]);
  if (modes.size === 0) return new Map();
  const byServer = Map.groupBy(
    hits.filter(({ serverId }) => modes.has(serverId)),
    ({ serverId }) => serverId,
  );
  const names = new Set([...byServer.values()].flat().map(({ tool }) => tool.name));
  const approvals = await rows.toolLocks.approvalsOf([...modes.keys()], [...names]);
  const others = await readOthers(rows, [...modes.keys()], names);
  return new Map(
    [...byServer].map(([id, found]) => {
      const known = others.get(id) ?? { others: new Map(), hasListed: false, malformed: new Set<string>() };
      const listed = found.map(({ tool, hash }) => ({ name: tool.name, hash }));
      const evaluated = evaluateLock(modes.get(id) ?? null, { listed, approvals: approvals.get(id) ?? [], ...known });
      return [id, evaluated.tools];
    }),
  );
}

/**
 * Adds to each search hit what the server's tool list also contains: findings in its texts, and whether a tool lock allows calls. One query per
 * kind of row, only for these hits, and none if no server is locked: a search must stay fast.
 */
export async function evaluateHits(rows: LockRows, hits: readonly SearchHit[]): Promise<ToolHit[]> {
  if (hits.length === 0) return [];
  const evaluated = await evaluateLocked(rows, hits);
  return hits.map(({ serverId, server, tool, findings, score }) => {
    const locked = evaluated.get(serverId)?.get(tool.name);
    const { approval, callable } = locked ?? { approval: 'unlocked' as const, callable: true };
    return { server, tool, score, findings, approval, callable };
  });
}
