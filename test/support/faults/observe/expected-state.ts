import type { AdminClient } from '../../gateway/admin-client.ts';

/** What the registry's answers say of a thing; `unsure` while a change of it has no answer, or never got one. */
type Fate = 'there' | 'gone' | 'unsure';

interface Thing {
  fate: Fate;
  /** Found as it should be while NGINX served it; only such a thing is taken away again. */
  isProven: boolean;
}

export interface KnownServer extends Thing {
  path: string;
  /** Null while nobody has told it. */
  id: string | null;
}

export interface KnownKey extends Thing {
  id: string;
  key: string;
}

export interface KnownAgent extends Thing {
  name: string;
  keys: KnownKey[];
}

/** What was written and acknowledged, and what must be true therefore. */
export interface Book {
  servers: KnownServer[];
  agents: KnownAgent[];
  /** Changes that were answered with success. */
  acknowledged: number;
  /** Comparisons with the gate and the database. */
  checked: number;
  /** Answers that were no success: the registry refused what it should do. */
  refused: string[];
}

export function openBook(): Book {
  return { servers: [], agents: [], acknowledged: 0, checked: 0, refused: [] };
}

/** Writes of one lane into the registry, each kept in the book. They throw when the registry is gone. */
export interface Writer {
  register: (path: string, url: string) => Promise<KnownServer>;
  removeServer: (server: KnownServer) => Promise<void>;
  makeAgent: (name: string) => Promise<KnownAgent>;
  makeKey: (agent: KnownAgent) => Promise<KnownKey>;
  revoke: (agent: KnownAgent, key: KnownKey) => Promise<void>;
  removeAgent: (agent: KnownAgent) => Promise<void>;
}

/** Makes a writer; `onAnswer` is called at each change that was acknowledged. */
export function openWriter(book: Book, admin: AdminClient, onAnswer: () => void): Writer {
  async function change<T>(things: Thing[], fate: 'there' | 'gone', method: string, path: string, body?: unknown) {
    for (const thing of things) thing.fate = 'unsure';
    const answer = await admin.ask<T>(method, path, body);
    if (answer.status < 200 || answer.status > 299) {
      book.refused.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      throw new Error(`refused with ${answer.status}`);
    }
    for (const thing of things) thing.fate = fate;
    book.acknowledged += 1;
    onAnswer();
    return answer.body;
  }
  const born = (): Thing => ({ fate: 'unsure', isProven: false });

  return {
    async register(path, url) {
      const server: KnownServer = { ...born(), path, id: null };
      book.servers.push(server);
      const { id } = await change<{ id: string }>([server], 'there', 'POST', '/api/servers?wait=false', { path, url });
      server.id = id;
      return server;
    },
    async removeServer(server) {
      await change([server], 'gone', 'DELETE', `/api/servers/${server.path}?wait=false`);
    },
    async makeAgent(name) {
      const agent: KnownAgent = { ...born(), name, keys: [] };
      book.agents.push(agent);
      await change([agent], 'there', 'POST', '/api/agents', { name, grants: [{ server: '*', tools: ['*'] }] });
      return agent;
    },
    async makeKey(agent) {
      // One that is cut off is known to nobody: nothing can be asked of it.
      const made = await change<{ id: string; key: string }>([], 'there', 'POST', `/api/agents/${agent.name}/keys`, {});
      const key: KnownKey = { fate: 'there', isProven: false, id: made.id, key: made.key };
      agent.keys.push(key);
      return key;
    },
    async revoke(agent, key) {
      await change([key], 'gone', 'DELETE', `/api/agents/${agent.name}/keys/${key.id}`);
    },
    async removeAgent(agent) {
      await change(
        [agent, ...agent.keys.filter(({ fate }) => fate !== 'gone')],
        'gone',
        'DELETE',
        `/api/agents/${agent.name}`,
      );
    },
  };
}
