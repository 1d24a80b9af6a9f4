import type { AgentView } from '@mcpgw/registry/contract';
import { changeAgent } from '../../lib/api/access-api.ts';
import { reportFailure } from '../servers/server-actions.ts';
import { toasts } from '../app/toasts.svelte.ts';

/** Enables or disables an agent; resolves to what the registry answers, when the gate enforces it, or null when it refused. */
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
