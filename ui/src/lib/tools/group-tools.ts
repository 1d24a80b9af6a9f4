import { kindOf, type Tool, type ToolKind } from '@mcpgw/registry/contract';

export interface ToolGroup<T> {
  kind: ToolKind;
  title: string;
  tools: T[];
}

/** In display order. */
const TITLES: Record<ToolKind, string> = {
  readOnly: 'Read-only',
  mutating: 'Modifies data',
  destructive: 'Destructive',
  unannotated: 'No safety hints',
};

/** Tools grouped by their annotations (safety hints); empty groups are omitted. */
export function groupTools<T extends Pick<Tool, 'annotations'>>(tools: readonly T[]): ToolGroup<T>[] {
  return (Object.keys(TITLES) as ToolKind[])
    .map((kind) => ({ kind, title: TITLES[kind], tools: tools.filter((tool) => kindOf(tool) === kind) }))
    .filter((group) => group.tools.length > 0);
}
