import { coversPath, MANAGEMENT_PATH, type Role } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Store, StoredAgent, StoredKey } from '../../store/index.ts';
import { hashKey, isKeyShaped } from './key.ts';

/** Whether what ends at this moment has ended; null: it never does. */
export function hasPassed(moment: string | null, atMs = Date.now()): boolean {
  return moment !== null && Date.parse(moment) <= atMs;
}

/** An agent that may use the REST API, and with which rights. */
export interface AgentCaller {
  agent: string;
  role: Role;
}

/**
 * The agent of a key. Throws `unauthorized` when the key is malformed, unknown, revoked or expired or its agent is, and `forbidden` when the agent is
 * stopped by a kill switch.
 */
export async function findAgent(
  store: Pick<Store, 'agents' | 'kills'>,
  key: string,
): Promise<{ agent: StoredAgent; key: StoredKey }> {
  if (!isKeyShaped(key))
    throw new RegistryError('unauthorized', 'this is not a key of mcpgw, or a character of it is wrong', {
      hint: 'Send the whole key that was shown when it was made: Authorization: Bearer mgw_…',
    });
  const found = await store.agents.byKeyHash(hashKey(key));
  if (found === undefined || !found.agent.enabled || hasPassed(found.key.expiresAt) || hasPassed(found.agent.expiresAt))
    throw new RegistryError(
      'unauthorized',
      'this key is not known, was revoked, has expired or its agent is disabled',
      {
        hint: 'Ask an admin for a new key.',
      },
    );
  const { name } = found.agent;
  // Otherwise it could lift its own kill switch.
  const killed = await store.kills.byTarget('agent', name);
  if (killed !== undefined)
    throw new RegistryError('forbidden', `all calls of the agent "${name}" are stopped: ${killed.reason}`, {
      hint: 'An admin can lift the kill switch: DELETE /api/kill/<id>.',
    });
  return found;
}

/**
 * Who may use the REST API with this key. Throws what `findAgent` throws, and `forbidden` when the agent has no role, or the key is limited to other servers than the management server: grants alone are for the data plane.
 */
export async function authenticate(store: Pick<Store, 'agents' | 'kills'>, key: string): Promise<AgentCaller> {
  const { agent, key: stored } = await findAgent(store, key);
  const { name, role } = agent;
  const { servers } = stored;
  if (servers !== null && !servers.some((pattern) => coversPath(pattern, MANAGEMENT_PATH)))
    throw new RegistryError('forbidden', `this key of the agent "${name}" is limited to ${servers.join(', ')}`, {
      hint: `Use a key that is not limited, or add "${MANAGEMENT_PATH}" to the servers of this one.`,
    });
  if (role === null)
    throw new RegistryError('forbidden', `the agent "${name}" has no role, so its key works on the data plane only`, {
      hint: `An admin can give it one: PATCH /api/agents/${name} {"role": "viewer"}`,
    });
  return { agent: name, role };
}
