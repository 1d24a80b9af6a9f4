import { randomUUID } from 'node:crypto';
import { RegistryError } from '../lib/errors.ts';
import { createGatewayCaller, type GatewayAddress, type GatewayClient } from './call-gateway.ts';

/** The gateway that is called, and how servers are found. */
export interface ExecuteDeps {
  gateway: GatewayAddress;
  /** The server at a path. Throws RegistryError `not_found`. */
  find: (path: string) => Promise<{ path: string; endpoints: { mcp: boolean; sse: boolean } }>;
}

/** One call, with the key of the caller. */
export interface ExecuteCall {
  server: string;
  method: 'tools/list' | 'tools/call' | 'ping';
  params: Record<string, unknown>;
}

/** Calls for scripts that do not speak MCP: each is sent through NGINX with the caller's key, and authorized and recorded like any other call. */
export interface Execute {
  /**
   * Opens a session, which contains the sessions of the servers that are called in it. Throws RegistryError `limited` for an agent that has too many.
   */
  open(agent: string): string;
  /** Throws RegistryError: `not_found` for a session that has ended, and the error of the gate or the server. */
  call(agent: string, key: string, sessionId: string | undefined, call: ExecuteCall): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

interface Session {
  agent: string;
  usedAt: number;
  /** By path and key: another key of the agent may allow less. */
  clients: Map<string, Promise<GatewayClient>>;
}

const MAX_SESSIONS = 1_000;
/** For one agent: a script that opens one for each call must not end sessions of other agents. */
const MAX_SESSIONS_OF_AGENT = 100;
const IDLE_MS = 30 * 60_000;
const CALL_TIMEOUT_MS = 110_000;

const closeClient = (client: Promise<GatewayClient>) => client.then((one) => one.close()).catch(() => undefined);

/** Creates the feature; sessions end after half an hour without a call. */
export function createExecute({ gateway, find }: ExecuteDeps): Execute {
  const caller = createGatewayCaller(gateway, CALL_TIMEOUT_MS);
  const sessions = new Map<string, Session>();

  function end(id: string, { clients }: Session): void {
    sessions.delete(id);
    for (const client of clients.values()) void closeClient(client);
  }
  function endIdle(): void {
    const since = Date.now() - IDLE_MS;
    for (const [id, session] of sessions) if (session.usedAt < since) end(id, session);
  }
  const timer = setInterval(endIdle, 60_000);
  timer.unref();

  function requireSession(id: string, agent: string): Session {
    endIdle();
    const session = sessions.get(id);
    if (session?.agent !== agent)
      throw new RegistryError('not_found', 'X-Session-ID: there is no such session, or it has ended', {
        hint: 'Open another one with POST /sessions.',
      });
    session.usedAt = Date.now();
    return session;
  }

  async function connect(path: string, key: string): Promise<GatewayClient> {
    const { endpoints } = await find(path);
    return caller.connect(path, !endpoints.mcp && endpoints.sse, key);
  }

  return {
    open(agent) {
      endIdle();
      const sessionsOfAgent = [...sessions.values()].filter((session) => session.agent === agent);
      if (sessionsOfAgent.length >= MAX_SESSIONS_OF_AGENT) {
        const firstUsedAt = Math.min(...sessionsOfAgent.map(({ usedAt }) => usedAt));
        throw new RegistryError(
          'limited',
          `this agent has ${MAX_SESSIONS_OF_AGENT} sessions open, which is the maximum`,
          {
            hint: 'Send the X-Session-ID of one that is open, or call without a session. A session ends after half an hour without a call.',
            retryAfterS: Math.max(1, Math.ceil((firstUsedAt + IDLE_MS - Date.now()) / 1_000)),
          },
        );
      }
      const [oldest] = sessions;
      if (sessions.size >= MAX_SESSIONS && oldest !== undefined) end(...oldest);
      const id = randomUUID();
      sessions.set(id, { agent, usedAt: Date.now(), clients: new Map() });
      return id;
    },

    async call(agent, key, sessionId, { server, method, params }) {
      const path = server.replace(/^\/+|\/+$/g, '');
      if (sessionId === undefined) {
        const client = connect(path, key);
        try {
          return await (await client).request(method, params);
        } finally {
          void closeClient(client);
        }
      }
      const { clients } = requireSession(sessionId, agent);
      const name = `${path} ${key}`;
      const client = clients.get(name) ?? connect(path, key);
      clients.set(name, client);
      try {
        return await (await client).request(method, params);
      } catch (error) {
        // The session of the server may be broken: the next call opens another.
        clients.delete(name);
        void closeClient(client);
        throw error;
      }
    },

    async close() {
      clearInterval(timer);
      for (const [id, session] of sessions) end(id, session);
      await caller.close();
    },
  };
}
