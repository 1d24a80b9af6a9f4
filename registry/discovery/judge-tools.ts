import type { PinMode, Tool, ToolApproval } from '../contract/index.ts';

export interface JudgedTool {
  approval: ToolApproval;
  /** The definition that was approved, when this one differs from it. */
  approved: Tool | null;
  callable: boolean;
}

export interface Judgement {
  tools: Map<string, JudgedTool>;
  /** Names that were approved and are no longer listed. */
  missing: string[];
}

interface Hashed {
  name: string;
  hash: string;
}

/**
 * Compares what a server lists with what was approved. `others` are definitions of its tools that only some of its instances list: a tool is as
 * approved when it is so on all that list it. `mode` null: it is not pinned.
 */
export function judgeTools(
  mode: PinMode | null,
  listed: readonly Hashed[],
  approvals: readonly (Hashed & { tool: Tool })[],
  others: ReadonlyMap<string, readonly { hash: string }[]>,
): Judgement {
  if (mode === null) {
    const free: JudgedTool = { approval: 'unpinned', approved: null, callable: true };
    return { tools: new Map(listed.map(({ name }) => [name, free])), missing: [] };
  }
  const byName = new Map(approvals.map((approval) => [approval.name, approval]));
  const judged = listed.map(({ name, hash }): [string, JudgedTool] => {
    const approval = byName.get(name);
    const isListed = (approved: string) =>
      [{ hash }, ...(others.get(name) ?? [])].every((one) => one.hash === approved);
    const state = approval === undefined ? 'added' : isListed(approval.hash) ? 'approved' : 'changed';
    return [
      name,
      {
        approval: state,
        approved: approval !== undefined && approval.hash !== hash ? approval.tool : null,
        callable: mode === 'alert' || state === 'approved',
      },
    ];
  });
  const names = new Set(listed.map(({ name }) => name));
  return { tools: new Map(judged), missing: approvals.map(({ name }) => name).filter((name) => !names.has(name)) };
}

/** The names that the gate may let through: null for any, where nothing is enforced. */
export function listCallable(mode: PinMode | null, judgement: Judgement): string[] | null {
  if (mode !== 'enforce') return null;
  return [...judgement.tools].filter(([, { callable }]) => callable).map(([name]) => name);
}
