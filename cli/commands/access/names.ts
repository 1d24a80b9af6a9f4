import { agentName } from '@mcpgw/registry/contract';
import { usageError } from '../../program/cli-error.ts';

/** The name of an agent as written. Throws CliError for what can be none. */
export function readAgentName(written: string): string {
  const parsed = agentName.safeParse(written);
  if (parsed.success) return parsed.data;
  throw usageError(`agent: ${parsed.error.issues[0]?.message ?? 'this is no name of an agent'}`);
}
