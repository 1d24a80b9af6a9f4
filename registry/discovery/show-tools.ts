import type { ToolsView } from '../contract/index.ts';
import type { Observation } from '../store/observation-rows.ts';
import type { Approval, StoredPin } from '../store/pin-rows.ts';
import type { StoredServer } from '../store/server-rows.ts';
import type { StoredTool } from '../store/tool-rows.ts';
import { judgeTools } from './judge-tools.ts';
import { splitDocstring } from './split-docstring.ts';

export interface KnownTools {
  server: StoredServer;
  observation: Observation | undefined;
  /** When its present list was seen first. */
  takenAt: string | undefined;
  tools: readonly StoredTool[];
  pin: StoredPin | undefined;
  approvals: readonly Approval[];
}

/** The tools of a server as the API shows them: split, scanned, and compared with what was approved. */
export function showTools({ server, observation, takenAt, tools, pin, approvals }: KnownTools): ToolsView {
  const judged = judgeTools(pin?.mode ?? null, tools, approvals);
  const views = tools.map(({ name, hash, tool, findings }) => ({
    ...tool,
    hash,
    docs: splitDocstring(tool.description ?? ''),
    findings,
    ...(judged.tools.get(name) ?? { approval: 'unpinned' as const, approved: null, callable: true }),
  }));
  const waiting = views.filter(({ approval }) => approval === 'added' || approval === 'changed').length;
  return {
    server: server.path,
    snapshot: observation?.snapshotHash ?? null,
    takenAt: takenAt ?? null,
    pin: pin === undefined ? null : { ...pin, waiting, missing: judged.missing },
    tools: views,
  };
}
