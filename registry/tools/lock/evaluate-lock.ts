import type { ToolLockMode, Tool, ToolApproval } from '../../contract/index.ts';

export interface EvaluatedTool {
  approval: ToolApproval;
  /** The definition that was approved, when this one differs from it. */
  approved: Tool | null;
  callable: boolean;
}

export interface LockEvaluation {
  tools: Map<string, EvaluatedTool>;
  /** Names that were approved and are no longer listed. */
  missing: string[];
}

interface Hashed {
  name: string;
  hash: string;
}

/** The data about a server's tools that a tool lock needs. */
export interface KnownLists {
  /** Its tool list, or the part to evaluate. */
  listed: readonly Hashed[];
  approvals: readonly (Hashed & { tool: Tool })[];
  /** Other definitions of its tools, listed only by some of its instances. */
  others: ReadonlyMap<string, readonly { hash: string }[]>;
  /** One of its enabled instances has listed its tools at least once. */
  hasListed: boolean;
  /** Names of malformed tools of one of its enabled instances: nobody can approve them. */
  malformed: ReadonlySet<string>;
}

/**
 * Compares a server's tools with the approvals: a tool is approved if every instance that lists it lists the approved definition. In mode
 * `block` nothing is callable if no enabled instance ever listed its tools. `mode` null: no lock.
 */
export function evaluateLock(
  mode: ToolLockMode | null,
  { listed, approvals, others, hasListed, malformed }: KnownLists,
): LockEvaluation {
  if (mode === null) {
    const unlocked: EvaluatedTool = { approval: 'unlocked', approved: null, callable: true };
    return { tools: new Map(listed.map(({ name }) => [name, unlocked])), missing: [] };
  }
  const byName = new Map(approvals.map((approval) => [approval.name, approval]));
  const evaluated = listed.map(({ name, hash }): [string, EvaluatedTool] => {
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
  return { tools: new Map(evaluated), missing: approvals.map(({ name }) => name).filter((name) => !names.has(name)) };
}

/** Names of the tools that the gate allows; null: any, since nothing is enforced. */
export function listCallable(mode: ToolLockMode | null, evaluation: LockEvaluation): string[] | null {
  if (mode !== 'block') return null;
  return [...evaluation.tools].filter(([, { callable }]) => callable).map(([name]) => name);
}
