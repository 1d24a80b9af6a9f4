import type { ToolKind } from '../tools/tool-kind.ts';
import type { Tool } from '../tools/tool.ts';

/**
 * Which annotation makes a tool which kind; the first match counts. A tool that may change something counts as destructive unless its annotations
 * state otherwise, as MCP defines it (`destructiveHint`, default true).
 */
const RULES: readonly { hint: 'readOnlyHint' | 'destructiveHint'; is: boolean; kind: ToolKind }[] = [
  { hint: 'readOnlyHint', is: true, kind: 'readOnly' },
  { hint: 'destructiveHint', is: false, kind: 'mutating' },
  { hint: 'destructiveHint', is: true, kind: 'destructive' },
  { hint: 'readOnlyHint', is: false, kind: 'destructive' },
];

/** The kind of a tool without any of these annotations. */
const WITHOUT_HINTS: ToolKind = 'unannotated';

/** The kind of a tool, by the annotations of its server. */
export function kindOf({ annotations = {} }: Pick<Tool, 'annotations'>): ToolKind {
  return RULES.find(({ hint, is }) => annotations[hint] === is)?.kind ?? WITHOUT_HINTS;
}
