import { agentName } from '@mcpgw/registry/contract';
import { usageError } from '../../program/cli-error.ts';

/** Validates the name of an agent. Throws CliError. */
export function readAgentName(written: string): string {
  const parsed = agentName.safeParse(written);
  if (parsed.success) return parsed.data;
  throw usageError(`agent: ${parsed.error.issues[0]?.message ?? 'this is not a valid name'}`);
}
