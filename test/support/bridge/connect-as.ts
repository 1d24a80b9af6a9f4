import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';

/** Kinds of clients: with sessions over Streamable HTTP, the same over SSE, or without sessions. */
export const CLIENT_KINDS = ['sessions', 'sse', 'modern'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

/** The replies of a client to requests of a server. */
const ELICITED = { action: 'accept', content: { name: 'Ada', color: 'green', ok: true, value: 'v' } } as const;
const SAMPLED = { role: 'assistant', content: { type: 'text', text: 'a sampled answer' }, model: 'm' } as const;
const ROOTS = { roots: [{ uri: 'file:///a-root', name: 'a root' }] };
const CAPABILITIES = { sampling: {}, elicitation: {}, roots: { listChanged: true } };

export interface ConnectedClient {
  call: (
    name: string,
    args?: Record<string, unknown>,
    options?: {
      signal?: AbortSignal;
      onprogress?: (made: { progress: number; total?: number | undefined }) => void;
      /** `_meta` of the request, as clients without sessions send it. */
      meta?: Record<string, unknown>;
    },
  ) => Promise<string>;
  /** Any other request. */
  client: Client | ModernClient;
  /** Methods and texts of notifications. */
  notified: string[];
  close: () => Promise<void>;
}

async function connectModern(url: URL, headers: Record<string, string>): Promise<ConnectedClient> {
  const notified: string[] = [];
  const client = new ModernClient(
    { name: 'modern', version: '1' },
    { versionNegotiation: { mode: 'auto' }, capabilities: CAPABILITIES },
  );
  client.setRequestHandler('elicitation/create', () => ELICITED as never);
  client.setRequestHandler('sampling/createMessage', () => SAMPLED as never);
  client.setRequestHandler('roots/list', () => ROOTS);
  client.fallbackNotificationHandler = ({ method, params }) => {
    notified.push(method === 'notifications/message' ? `log ${JSON.stringify(params?.['data'])}` : method);
    return Promise.resolve();
  };
  await client.connect(new ModernTransport(url, { requestInit: { headers } }));
  if (client.getProtocolEra() !== 'modern') throw new Error('it fell back to the earlier protocol');
  return {
    client,
    notified,
    call: async (name, args = {}, { meta, ...options } = {}) =>
      JSON.stringify(await client.callTool({ name, arguments: args, ...(meta && { _meta: meta }) }, options)),
    close: () => client.close(),
  };
}

/** Connects to a server of the gateway as one kind of client, which answers requests of the server. */
export async function connectAs(kind: ClientKind, url: string, key: string): Promise<ConnectedClient> {
  const headers = { Authorization: `Bearer ${key}` };
  if (kind === 'modern') return connectModern(new URL(url), headers);
  const notified: string[] = [];
  const client = new Client({ name: 'earlier', version: '1' }, { capabilities: CAPABILITIES });
  client.setRequestHandler(ElicitRequestSchema, () => ELICITED as never);
  client.setRequestHandler(CreateMessageRequestSchema, () => SAMPLED as never);
  client.setRequestHandler(ListRootsRequestSchema, () => ROOTS);
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
    notified.push(`log ${JSON.stringify(params.data)}`);
  });
  client.fallbackNotificationHandler = ({ method }) => {
    notified.push(method);
    return Promise.resolve();
  };
  const transport =
    kind === 'sse'
      ? // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is what is tested
        new SSEClientTransport(new URL(url.replace(/\/mcp$/, '/sse')), {
          requestInit: { headers },
          eventSourceInit: { fetch: (at, init) => fetch(at, { ...init, headers: { ...init.headers, ...headers } }) },
        })
      : new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  await client.connect(transport);
  return {
    client,
    notified,
    call: async (name, args = {}, { meta, ...options } = {}) =>
      JSON.stringify(
        await client.callTool({ name, arguments: args, ...(meta && { _meta: meta }) }, undefined, options),
      ),
    async close() {
      if ('terminateSession' in transport) await transport.terminateSession();
      await client.close();
    },
  };
}
