import type { AgentView, ServerView } from '@mcpgw/registry/contract';
import { mintPlaygroundKey, revokePlaygroundKey } from '../../lib/api/playground-api.ts';
import { apiUrl } from '../../lib/api/urls.ts';
import { connect } from '../../lib/mcp/connect.ts';
import type { Connection } from '../../lib/mcp/connection.ts';
import { McpError, type Json, type Message } from '../../lib/mcp/message.ts';

/** Input that the server requests from the user during a call. */
export interface Elicitation {
  message: string;
  schema: Json;
  answer: (result: Json) => void;
}
export interface Outcome {
  result: Json | null;
  error: unknown;
  cancelled: boolean;
  durationMs: number;
}
interface Call {
  method: string;
  params: Json;
  /** Additional headers in the era without sessions. */
  headers: Record<string, string>;
}
interface Key {
  agent: string;
  id: string;
  key: string;
  expiresAtMs: number;
}

/** How long before its expiry a key is replaced. */
const MARGIN_MS = 60_000;
const MAX_PAGES = 20;

/** The calls of one visit to the playground: keys, the connection, and the call in progress. */
export class Playground {
  phase = $state<'idle' | 'connecting' | 'running'>('idle');
  outcome = $state.raw<Outcome | null>(null);
  progress = $state.raw<{ value: number; total: number | null; message: string } | null>(null);
  notices = $state.raw<readonly string[]>([]);
  elicitation = $state.raw<Elicitation | null>(null);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing shows the keys
  #keys = new Map<string, Key>();
  #connection: { id: string; opened: Promise<Connection> } | null = null;
  #controller: AbortController | null = null;
  /** How often it was closed. */
  #closes = 0;

  /** Calls a method as the agent; the result or the error is then in `outcome`. Never rejects. */
  async run(server: ServerView, agent: AgentView, { method, params, headers }: Call): Promise<Outcome> {
    const controller = new AbortController();
    this.#controller = controller;
    this.outcome = null;
    this.progress = null;
    this.notices = [];
    this.phase = 'connecting';
    let startedMs = performance.now();
    let outcome: Outcome;
    try {
      const connection = await this.#connect(server, agent);
      this.phase = 'running';
      startedMs = performance.now();
      const result = await connection.request(method, params, {
        signal: controller.signal,
        headers,
        onNotification: (message) => this.#notice(message),
        onElicitation: (_, requested) => this.#elicit(requested, controller.signal),
      });
      outcome = { result, error: null, cancelled: false, durationMs: performance.now() - startedMs };
    } catch (error) {
      // If the server has dropped the session, the next call opens a new one.
      this.#disconnect();
      const durationMs = performance.now() - startedMs;
      outcome = { result: null, error, cancelled: controller.signal.aborted, durationMs };
    }
    this.elicitation = null;
    this.phase = 'idle';
    this.outcome = outcome;
    return outcome;
  }

  /** All pages of a list, such as `resources/list`. Throws McpError. */
  async list(server: ServerView, agent: AgentView, method: string, member: string): Promise<Json[]> {
    const connection = await this.#connect(server, agent);
    const found: Json[] = [];
    let cursor: unknown;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const result = await connection.request(method, cursor === undefined ? {} : { cursor });
      found.push(...((result[member] ?? []) as Json[]));
      cursor = result['nextCursor'];
      if (typeof cursor !== 'string') break;
    }
    return found;
  }

  /** The capabilities that the server declares. Throws McpError. */
  async capabilities(server: ServerView, agent: AgentView): Promise<Json> {
    return (await this.#connect(server, agent)).capabilities;
  }

  cancel(): void {
    this.#controller?.abort();
  }

  /** Ends the connection and revokes the keys, including one that is being created. It can be used again afterwards. */
  close(): void {
    this.#closes += 1;
    this.cancel();
    this.#disconnect();
    for (const { agent, id } of this.#keys.values()) void revokePlaygroundKey(agent, id).catch(() => undefined);
    this.#keys.clear();
  }

  #connect(server: ServerView, agent: AgentView): Promise<Connection> {
    const id = `${server.id} ${agent.name}`;
    const known = this.#keys.get(agent.name);
    const isFresh = known !== undefined && known.expiresAtMs - Date.now() > MARGIN_MS;
    if (this.#connection?.id === id && isFresh) return this.#connection.opened;
    this.#disconnect();
    const opened = this.#open(server, agent, isFresh ? known : undefined);
    this.#connection = { id, opened };
    return opened;
  }

  async #open(server: ServerView, agent: AgentView, known: Key | undefined): Promise<Connection> {
    const { key } = known ?? (await this.#mint(agent));
    const isSse = !server.endpoints.mcp && server.endpoints.sse;
    // Relative to the UI, so that it works below a path and behind another host name.
    const url = apiUrl(`${server.path}/${isSse ? 'sse' : 'mcp'}`).href;
    return connect({ url, key, era: server.era, isSse });
  }

  async #mint(agent: AgentView): Promise<Key> {
    const closes = this.#closes;
    const { id, key, expiresAt } = await mintPlaygroundKey(agent);
    if (closes !== this.#closes) {
      void revokePlaygroundKey(agent.name, id).catch(() => undefined);
      throw new McpError('The playground was closed');
    }
    const minted = { agent: agent.name, id, key, expiresAtMs: Date.parse(expiresAt ?? '') };
    this.#keys.set(agent.name, minted);
    return minted;
  }

  #disconnect(): void {
    void this.#connection?.opened.then(
      (connection) => connection.close(),
      () => undefined,
    );
    this.#connection = null;
  }

  #notice({ method = '', params = {} }: Message): void {
    if (method === 'notifications/progress') {
      const { progress, total, message } = params;
      this.progress = {
        value: Number(progress),
        total: typeof total === 'number' ? total : null,
        message: typeof message === 'string' ? message : '',
      };
    } else if (method === 'notifications/message') {
      const { level, data } = params;
      const text = typeof data === 'string' ? data : JSON.stringify(data);
      this.notices = [...this.notices.slice(-99), `${String(level)}: ${text}`];
    } else this.notices = [...this.notices.slice(-99), method];
  }

  #elicit({ message, requestedSchema }: Json, signal: AbortSignal): Promise<Json> {
    return new Promise((resolve) => {
      const answer = (result: Json): void => {
        this.elicitation = null;
        resolve(result);
      };
      signal.addEventListener('abort', () => answer({ action: 'cancel' }), { once: true });
      this.elicitation = { message: String(message), schema: (requestedSchema ?? {}) as Json, answer };
    });
  }
}
