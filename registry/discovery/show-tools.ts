import type { ToolsView } from '../contract/index.ts';
import type { Observation } from '../store/observation-rows.ts';
import type { Approval, StoredPin } from '../store/pin-rows.ts';
import type { StoredServer } from '../store/server-rows.ts';
import type { StoredTool } from '../store/tool-rows.ts';
import { listLeftOut, readStates, type ToolVariant } from './instance-lists.ts';
import { judgeTools } from './judge-tools.ts';
import { scanTool } from './scan-tool.ts';
import { splitDocstring } from './split-docstring.ts';

export interface KnownTools {
  server: StoredServer;
  observation: Observation | undefined;
  /** When its present list was seen first. */
  takenAt: string | undefined;
  tools: readonly StoredTool[];
  /** What some of its instances list otherwise, by tool. */
  others: ReadonlyMap<string, readonly ToolVariant[]>;
  pin: StoredPin | undefined;
  approvals: readonly Approval[];
}

/** The tools of a server as the API shows them: split, scanned, and compared with what was approved. */
export function showTools({ server, observation, takenAt, tools, others, pin, approvals }: KnownTools): ToolsView {
  const judged = judgeTools(pin?.mode ?? null, {
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
    ...(judged.tools.get(name) ?? { approval: 'unpinned' as const, approved: null, callable: true }),
  }));
  const waiting = views.filter(({ approval }) => approval === 'added' || approval === 'changed').length;
  return {
    server: server.path,
    snapshot: observation?.snapshotHash ?? null,
    takenAt: takenAt ?? null,
    pin: pin === undefined ? null : { ...pin, waiting, missing: judged.missing },
    tools: views,
    leftOut: listLeftOut(server),
  };
}
