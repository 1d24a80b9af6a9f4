import type { AgentLimits } from '../../contract/index.ts';
import type { Transaction } from '../../store/index.ts';

/** Stores what a new agent begins with. */
export async function putDefaultLimits(tx: Transaction, name: string, limits: AgentLimits): Promise<void> {
  if (limits.rules.length === 0) return;
  await tx.limits.put({ scope: 'agent', target: name, ...limits, revision: tx.revision });
}

/** Removes an agent and all that is stored under its name: another agent that gets it later is not the one that was stopped or limited. */
export async function removeAgentRows(tx: Transaction, name: string): Promise<void> {
  await tx.agents.remove(name);
  await tx.kills.remove('agent', name);
  await tx.keyUses.removeOf(name);
  await tx.limits.remove({ scope: 'agent', target: name });
}
