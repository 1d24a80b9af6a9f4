import { coversPath, MANAGEMENT_PATH } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import { listGrants, readGroups } from '../grants/list-grants.ts';
import { findAgent } from './authenticate.ts';

/** The agent that holds a key, with or without a role. */
export interface KeyHolder {
  agent: string;
  /** Whether any of its grants covers this server, within the limits of the key, and none denies all its tools; the gate decides the rest. */
  mayUse: (path: string) => boolean;
}

/** Whether a pattern covers a path: "*" is every server but the management server. */
const covers = (pattern: string, path: string) =>
  pattern === '*' ? path !== MANAGEMENT_PATH : coversPath(pattern, path);

/** The holder of this key. Throws RegistryError `unauthorized`, and `forbidden` when a kill switch stops the agent. */
export async function identifyAgent(
  store: Pick<Store, 'agents' | 'kills' | 'groups'>,
  key: string,
): Promise<KeyHolder> {
  const { agent, key: stored } = await findAgent(store, key);
  const grants = listGrants(agent, await readGroups(store, agent.groups)).map(({ grant }) => grant);
  const isLimited = ({ servers }: typeof stored, path: string) =>
    servers !== null && !servers.some((pattern) => covers(pattern, path));
  const names = (path: string, effect: 'deny' | undefined) =>
    grants.some(
      (grant) =>
        grant.effect === effect && covers(grant.server, path) && (effect === undefined || grant.tools.includes('*')),
    );
  return {
    agent: agent.name,
    mayUse: (path) => !isLimited(stored, path) && names(path, undefined) && !names(path, 'deny'),
  };
}
