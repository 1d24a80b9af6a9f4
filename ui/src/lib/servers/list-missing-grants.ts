import {
  nameOfVirtualTool,
  type ServerView,
  type Tool,
  type ToolHit,
  type VirtualTool,
} from '@mcpgw/registry/contract';
import type { Callers } from '../tools/list-callers.ts';

/** An agent that may call a tool of a virtual server and not the tool behind it, so that its calls are refused. */
export interface MissingGrant {
  agent: string;
  tools: VirtualTool[];
}

type CallersOf = (hit: ToolHit, server: ServerView | undefined) => Callers;

/** The agents that lack the second grant, by name. `listed`: the tools that the virtual server lists now. */
export function listMissingGrants(
  virtual: ServerView,
  listed: readonly Tool[],
  sourceAt: (path: string) => ServerView | undefined,
  callersOf: CallersOf,
): MissingGrant[] {
  const missing = new Map<string, VirtualTool[]>();
  for (const entry of virtual.virtual?.tools ?? []) {
    const tool = listed.find(({ name }) => name === nameOfVirtualTool(entry));
    if (tool === undefined) continue;
    const source = { ...tool, name: entry.tool };
    const allowed = new Set(callersOf({ server: entry.server, tool: source } as ToolHit, sourceAt(entry.server)).names);
    for (const agent of callersOf({ server: virtual.path, tool } as ToolHit, virtual).names)
      if (!allowed.has(agent)) missing.set(agent, [...(missing.get(agent) ?? []), entry]);
  }
  return [...missing].map(([agent, tools]) => ({ agent, tools })).sort((a, b) => (a.agent < b.agent ? -1 : 1));
}
