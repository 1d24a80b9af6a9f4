import type { PinMode, Tool, ToolApproval } from '../../contract/index.ts';

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

/** What is known of the tools of a server, as far as a pin asks for it. */
export interface KnownLists {
  /** What it lists, or those of it that are asked for. */
  listed: readonly Hashed[];
  approvals: readonly (Hashed & { tool: Tool })[];
  /** Other definitions of its tools, that only some of its instances list. */
  others: ReadonlyMap<string, readonly { hash: string }[]>;
  /** One of its enabled instances has listed its tools at least once. */
  hasListed: boolean;
  /** Names of tools that one of its enabled instances lists in a form that nobody can approve. */
  malformed: ReadonlySet<string>;
}

/**
 * Compares what a server lists with what was approved: a tool is as approved when it is so on all instances that list it. Where none that serves
 * ever listed, nobody knows what would be called. `mode` null: it is not pinned.
 */
export function judgeTools(
  mode: PinMode | null,
  { listed, approvals, others, hasListed, malformed }: KnownLists,
): Judgement {
  if (mode === null) {
    const free: JudgedTool = { approval: 'unpinned', approved: null, callable: true };
    return { tools: new Map(listed.map(({ name }) => [name, free])), missing: [] };
  }
  const byName = new Map(approvals.map((approval) => [approval.name, approval]));
  const judged = listed.map(({ name, hash }): [string, JudgedTool] => {
    const approval = byName.get(name);
    const isListed = (approved: string) =>
      !malformed.has(name) && [{ hash }, ...(others.get(name) ?? [])].every((one) => one.hash === approved);
    const state = approval === undefined ? 'added' : isListed(approval.hash) ? 'approved' : 'changed';
    return [
      name,
      {
        approval: state,
        approved: approval !== undefined && approval.hash !== hash ? approval.tool : null,
        callable: mode === 'alert' || (hasListed && state === 'approved'),
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
