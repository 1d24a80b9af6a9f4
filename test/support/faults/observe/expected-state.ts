import type { AdminClient } from '../../gateway/admin-client.ts';

/** The state of an entry according to the registry's responses; `unknown` while a change of it has no response, or never got one. */
type Presence = 'present' | 'removed' | 'unknown';

interface Recorded {
  presence: Presence;
  /** Found as expected while NGINX served it; only such an entry is removed again. */
  isVerified: boolean;
}

export interface KnownServer extends Recorded {
  path: string;
  /** Null while it is unknown. */
  id: string | null;
}

export interface KnownKey extends Recorded {
  id: string;
  key: string;
}

export interface KnownAgent extends Recorded {
  name: string;
  keys: KnownKey[];
}

/** The changes that were written and acknowledged, and the state that they must have. */
export interface ExpectedState {
  servers: KnownServer[];
  agents: KnownAgent[];
  /** Changes that were answered with success. */
  acknowledged: number;
  /** Comparisons with the gate and the database. */
  checked: number;
  /** Responses without success: the registry refused a valid change. */
  refused: string[];
}

export function createExpectedState(): ExpectedState {
  return { servers: [], agents: [], acknowledged: 0, checked: 0, refused: [] };
}

/** Sequential writes into the registry, each recorded in the expected state. They throw when the registry is not running. */
export interface Writer {
  register: (path: string, url: string) => Promise<KnownServer>;
  removeServer: (server: KnownServer) => Promise<void>;
  createAgent: (name: string) => Promise<KnownAgent>;
  createKey: (agent: KnownAgent) => Promise<KnownKey>;
  revoke: (agent: KnownAgent, key: KnownKey) => Promise<void>;
  removeAgent: (agent: KnownAgent) => Promise<void>;
}

/** Creates a writer; `onAnswer` is called at each change that was acknowledged. */
export function openWriter(expected: ExpectedState, admin: AdminClient, onAnswer: () => void): Writer {
  async function change<T>(
    things: Recorded[],
    presence: 'present' | 'removed',
    method: string,
    path: string,
    body?: unknown,
  ) {
    for (const thing of things) thing.presence = 'unknown';
    const answer = await admin.ask<T>(method, path, body);
    if (answer.status < 200 || answer.status > 299) {
      expected.refused.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      throw new Error(`refused with ${answer.status}`);
    }
    for (const thing of things) thing.presence = presence;
    expected.acknowledged += 1;
    onAnswer();
    return answer.body;
  }
  const unconfirmed = (): Recorded => ({ presence: 'unknown', isVerified: false });

  return {
    async register(path, url) {
      const server: KnownServer = { ...unconfirmed(), path, id: null };
      expected.servers.push(server);
      const { id } = await change<{ id: string }>([server], 'present', 'POST', '/api/servers?wait=false', {
        path,
        url,
      });
      server.id = id;
      return server;
    },
    async removeServer(server) {
      await change([server], 'removed', 'DELETE', `/api/servers/${server.path}?wait=false`);
    },
    async createAgent(name) {
      const agent: KnownAgent = { ...unconfirmed(), name, keys: [] };
      expected.agents.push(agent);
      await change([agent], 'present', 'POST', '/api/agents', { name, grants: [{ server: '*', tools: ['*'] }] });
      return agent;
    },
    async createKey(agent) {
      // A key whose response is lost is unknown: it cannot be checked.
      const created = await change<{ id: string; key: string }>(
        [],
        'present',
        'POST',
        `/api/agents/${agent.name}/keys`,
        {},
      );
      const key: KnownKey = { presence: 'present', isVerified: false, id: created.id, key: created.key };
      agent.keys.push(key);
      return key;
    },
    async revoke(agent, key) {
      await change([key], 'removed', 'DELETE', `/api/agents/${agent.name}/keys/${key.id}`);
    },
    async removeAgent(agent) {
      await change(
        [agent, ...agent.keys.filter(({ presence }) => presence !== 'removed')],
        'removed',
        'DELETE',
        `/api/agents/${agent.name}`,
      );
    },
  };
}
