import type { Grant } from '@mcpgw/registry/contract';

/** A grant of everything of one server. */
export function grantAll(server: string): Grant {
  return { server, tools: ['*'], resources: ['*'], prompts: ['*'] };
}

/** The value of an agent or a group in one list of both. */
export const agentChoice = (name: string): string => `agent ${name}`;
export const groupChoice = (name: string): string => `group ${name}`;
