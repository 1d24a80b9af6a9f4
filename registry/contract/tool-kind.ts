import { z } from 'zod';
import type { Tool } from './tool.ts';

/** What a tool does, by the annotations that its server gives: `unsaid` where it gives none. Its word, not proof. */
export const toolKind = z.enum(['reads', 'changes', 'destroys', 'unsaid']);
export type ToolKind = z.infer<typeof toolKind>;

/** The group of a tool. What may change and does not deny to destroy counts as destroying, as MCP has it (`destructiveHint`, default true). */
export function kindOf({ annotations = {} }: Pick<Tool, 'annotations'>): ToolKind {
  const { readOnlyHint, destructiveHint } = annotations;
  if (readOnlyHint === true) return 'reads';
  if (destructiveHint === false) return 'changes';
  return destructiveHint === true || readOnlyHint === false ? 'destroys' : 'unsaid';
}
