import type { ToolIssueKind } from '../../contract/index.ts';
import type { LockEvaluation } from '../lock/evaluate-lock.ts';

export interface IssueSources {
  /** Null: the server has no tool lock. */
  evaluation: LockEvaluation | null;
  /** Names of tools with findings. */
  flagged: ReadonlySet<string>;
  malformed: number;
}

/** Number of tools per issue; each tool counts once. Findings of an approved definition do not count: they were reviewed. */
export function countIssues({ evaluation, flagged, malformed }: IssueSources): Map<ToolIssueKind, number> {
  const counts: [ToolIssueKind, number][] = [['malformed', malformed]];
  if (evaluation === null) counts.push(['flagged', flagged.size]);
  else {
    const tools = [...evaluation.tools.values()];
    const waiting = tools.filter(({ approval, callable }) => callable && approval !== 'approved').length;
    counts.push(['blocked', tools.filter(({ callable }) => !callable).length]);
    counts.push(['changed', waiting + evaluation.missing.length]);
  }
  return new Map(counts.filter(([, count]) => count > 0));
}
