import type { AgentView, KeyCreated } from '@mcpgw/registry/contract';
import { request } from './request.ts';

const LABEL = 'playground';
const LIFETIME_MS = 10 * 60_000;

const keysOf = (agent: string): string => `api/agents/${encodeURIComponent(agent)}/keys`;

/** Revokes a key, even while the page is being closed. */
export const revokePlaygroundKey = (agent: string, id: string): Promise<unknown> =>
  request('DELETE', `${keysOf(agent)}/${encodeURIComponent(id)}`, { keepalive: true });

/** Creates a key of the agent that expires after ten minutes, and removes expired ones of earlier visits. */
export async function mintPlaygroundKey(agent: AgentView): Promise<KeyCreated> {
  const expired = agent.keys.filter(
    ({ label, expiresAt }) => label === LABEL && expiresAt !== null && Date.parse(expiresAt) <= Date.now(),
  );
  // A key that is already gone counts as removed.
  await Promise.allSettled(expired.map(({ id }) => revokePlaygroundKey(agent.name, id)));
  const expiresAt = new Date(Date.now() + LIFETIME_MS).toISOString();
  return request('POST', keysOf(agent.name), { body: { label: LABEL, expiresAt } });
}
