import { coversPath, MANAGEMENT_PATH, type Role } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Store, StoredAgent, StoredKey } from '../../store/index.ts';
import { hashKey, isKeyShaped } from './key.ts';

/** Whether an expiry time has passed; null: it never does. */
export function hasPassed(moment: string | null, atMs = Date.now()): boolean {
  return moment !== null && Date.parse(moment) <= atMs;
}

/** An agent that may use the REST API, with its role. */
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
    throw new RegistryError('unauthorized', 'this is not an mcpgw key, or it has a wrong character', {
      hint: 'Send the whole key that was shown when it was created: Authorization: Bearer mgw_…',
    });
  const found = await store.agents.byKeyHash(hashKey(key));
  if (found === undefined || !found.agent.enabled || hasPassed(found.key.expiresAt) || hasPassed(found.agent.expiresAt))
    throw new RegistryError(
      'unauthorized',
      'this key is unknown, was revoked or has expired, or its agent is disabled or expired',
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
 * The agent that may use the REST API with this key. Throws what `findAgent` throws, and `forbidden` when the agent has no role (grants alone are for the data plane) or the key is limited to servers other than the management server.
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
      hint: `An admin can assign one: PATCH /api/agents/${name} {"role": "viewer"}`,
    });
  return { agent: name, role };
}
