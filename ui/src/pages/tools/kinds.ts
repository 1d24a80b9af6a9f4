import type { ToolKind } from '@mcpgw/registry/contract';

export type { ToolKind };

/** Kinds of tools in display order. */
export const TOOL_KINDS: { value: ToolKind; label: string }[] = [
  { value: 'readOnly', label: 'Read-only' },
  { value: 'mutating', label: 'Modifies data' },
  { value: 'destructive', label: 'Destructive' },
  { value: 'unannotated', label: 'No safety hints' },
];
