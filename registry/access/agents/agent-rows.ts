import type { AgentLimits } from '../../contract/index.ts';
import type { Transaction } from '../../store/index.ts';

/** Stores the default limits of a new agent. */
export async function putDefaultLimits(tx: Transaction, name: string, limits: AgentLimits): Promise<void> {
  if (limits.rules.length === 0) return;
  await tx.limits.put({ scope: 'agent', target: name, ...limits, revision: tx.revision });
}

/** Removes an agent and everything stored under its name: a later agent of that name must not inherit its kill switch or limits. */
export async function removeAgentRows(tx: Transaction, name: string): Promise<void> {
  await tx.agents.remove(name);
  await tx.kills.remove('agent', name);
  await tx.keyUses.removeOf(name);
  await tx.limits.remove({ scope: 'agent', target: name });
}
