import type { Grant } from '@mcpgw/registry/contract';

/** A grant of everything of one server. */
export function grantAll(server: string): Grant {
  return { server, tools: ['*'], resources: ['*'], prompts: ['*'] };
}

/** The option value of an agent or a group in a list that contains both. */
export const agentChoice = (name: string): string => `agent ${name}`;
export const groupChoice = (name: string): string => `group ${name}`;
