import { kindOf, type Tool, type ToolKind } from '@mcpgw/registry/contract';

export interface ToolGroup<Shown> {
  kind: ToolKind;
  title: string;
  tools: Shown[];
}

/** In the order in which they are shown. */
const TITLES: Record<ToolKind, string> = {
  reads: 'Read only',
  changes: 'Change something',
  destroys: 'May destroy something',
  unsaid: 'The server does not say',
};

/** Tools by what their server says that they do; groups without any are left out. */
export function groupTools<Shown extends Pick<Tool, 'annotations'>>(tools: readonly Shown[]): ToolGroup<Shown>[] {
  return (Object.keys(TITLES) as ToolKind[])
    .map((kind) => ({ kind, title: TITLES[kind], tools: tools.filter((tool) => kindOf(tool) === kind) }))
    .filter((group) => group.tools.length > 0);
}
