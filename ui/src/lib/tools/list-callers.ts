import {
  decideName,
  kindOf,
  type AgentView,
  type GroupView,
  type ServerView,
  type ToolHit,
} from '@mcpgw/registry/contract';
import { createRules } from '../access/grant-rules.ts';

export interface Callers {
  names: string[];
  /** Some of them only at certain hours. */
  timed: boolean;
}

/** Returns a function that lists which agents may call a tool by their grants and those of their groups, with the rules of the gate. */
export function createCallers(
  agents: readonly AgentView[],
  groups: readonly GroupView[],
  nowMs: number,
): (hit: ToolHit, server: ServerView | undefined) => Callers {
  const enabled = agents
    .filter(({ enabled: on, expiresAt }) => on && (expiresAt === null || Date.parse(expiresAt) > nowMs))
    .map(({ name, grants }) => {
      const shared = groups.filter(({ agents: members }) => members.includes(name)).flatMap((group) => group.grants);
      return { name, rulesFor: createRules([...grants, ...shared], nowMs) };
    });
  return (hit, server) => {
    const facts = {
      path: hit.server,
      tags: server?.tags ?? [],
      readOnly: kindOf(hit.tool) === 'readOnly' ? { [hit.tool.name]: true as const } : {},
    };
    const names: string[] = [];
    let timed = false;
    for (const { name, rulesFor } of enabled) {
      const { rules, isTimed } = rulesFor(facts);
      if (rules === undefined || !decideName(rules.tools, hit.tool.name).allowed) continue;
      names.push(name);
      timed ||= isTimed;
    }
    return { names, timed };
  };
}
