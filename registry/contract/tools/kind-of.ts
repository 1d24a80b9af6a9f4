import type { ToolKind } from './tool-kind.ts';
import type { Tool } from './tool.ts';

/** The group of a tool. What may change and does not deny to destroy counts as destroying, as MCP has it (`destructiveHint`, default true). */
export function kindOf({ annotations = {} }: Pick<Tool, 'annotations'>): ToolKind {
  const { readOnlyHint, destructiveHint } = annotations;
  if (readOnlyHint === true) return 'reads';
  if (destructiveHint === false) return 'changes';
  return destructiveHint === true || readOnlyHint === false ? 'destroys' : 'unsaid';
}
