import type { ToolsView } from '../contract/index.ts';
import type { Approval, Observation, StoredToolLock, StoredServer, StoredTool } from '../store/index.ts';
import { listMalformed, readStates, type ToolVariant } from './snapshot/instance-lists.ts';
import { evaluateLock } from './lock/evaluate-lock.ts';
import { scanTool } from './scan/scan-tool.ts';
import { splitDocstring } from './scan/split-docstring.ts';

export interface KnownTools {
  server: StoredServer;
  observation: Observation | undefined;
  /** When its current list was first seen. */
  takenAt: string | undefined;
  tools: readonly StoredTool[];
  /** Other definitions that some of its instances list, by tool. */
  others: ReadonlyMap<string, readonly ToolVariant[]>;
  toolLock: StoredToolLock | undefined;
  approvals: readonly Approval[];
}

/** The tools of a server as the API shows them: split, scanned and compared with the approvals. */
export function showTools({ server, observation, takenAt, tools, others, toolLock, approvals }: KnownTools): ToolsView {
  const evaluated = evaluateLock(toolLock?.mode ?? null, {
    listed: tools,
    approvals,
    others,
    ...readStates(server),
  });
  const views = tools.map(({ name, hash, tool, findings }) => ({
    ...tool,
    hash,
    docs: splitDocstring(tool.description ?? ''),
    findings,
    others: (others.get(name) ?? []).map((variant) => ({ ...variant, findings: scanTool(variant.tool) })),
    ...(evaluated.tools.get(name) ?? { approval: 'unlocked' as const, approved: null, callable: true }),
  }));
  const waiting = views.filter(({ approval }) => approval === 'added' || approval === 'changed').length;
  return {
    server: server.path,
    snapshot: observation?.snapshotHash ?? null,
    takenAt: takenAt ?? null,
    toolLock: toolLock === undefined ? null : { ...toolLock, waiting, missing: evaluated.missing },
    tools: views,
    malformed: listMalformed(server),
  };
}
