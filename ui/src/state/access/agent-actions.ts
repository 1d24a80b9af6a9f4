import type { AgentView } from '@mcpgw/registry/contract';
import { changeAgent } from '../../lib/api/access-api.ts';
import { reportFailure } from '../servers/server-actions.ts';
import { toasts } from '../app/toasts.svelte.ts';

/** Enables or disables an agent; resolves to the changed agent once the gate enforces it, or null if it failed. */
export async function setAgentEnabled(agent: AgentView, enabled: boolean): Promise<AgentView | null> {
  const word = enabled ? 'enabled' : 'disabled';
  try {
    const changed = await changeAgent(agent.name, { enabled });
    toasts.show({ tone: enabled ? 'ok' : 'mute', text: `${agent.name} ${word}` });
    return changed;
  } catch (error) {
    reportFailure(`${agent.name} could not be ${word}`, error);
    return null;
  }
}
