import { LEGACY_VERSION } from '@mcpgw/registry/contract';
import { answerServerRequest } from './answer-server-request.ts';
import type { Connection } from './connection.ts';
import { CAPABILITIES, CLIENT_INFO, McpError, type Json, type Message, type RequestHandlers } from './message.ts';
import { postMessage, type Endpoint } from './post-message.ts';

/** Connects to a server with sessions (Streamable HTTP up to 2025-11-25). Throws McpError. */
export async function connectLegacy(endpoint: Endpoint): Promise<Connection> {
  let nextId = 1;
  let headers: Record<string, string> = {};

  async function send(method: string, params: Json, handlers: RequestHandlers): Promise<Json> {
    const id = nextId++;
    const callerMeta = (params['_meta'] ?? {}) as Json;
    const meta = method === 'initialize' ? {} : { _meta: { ...callerMeta, progressToken: id } };
    const { signal } = handlers;
    const cancel = () =>
      void post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } }).catch(
        () => undefined,
      );
    signal?.addEventListener('abort', cancel, { once: true });
    let response: Message | undefined;
    try {
      await postMessage(
        endpoint,
        { jsonrpc: '2.0', id, method, params: { ...params, ...meta } },
        {
          headers,
          signal,
          onHeaders: (received) => {
            const session = received.get('Mcp-Session-Id');
            if (session !== null) headers = { ...headers, 'Mcp-Session-Id': session };
          },
          onMessage(received) {
            if (received.method === undefined) response = received.id === id ? received : response;
            else if (received.id === undefined) handlers.onNotification?.(received);
            else void answerServerRequest(received, handlers).then(post);
          },
        },
      );
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
    if (response?.error) throw new McpError(response.error.message, response.error.code, response.error.data);
    if (response?.result === undefined) throw new McpError('The response ended without a result');
    return response.result;
  }
  const post = (message: Message): Promise<void> => postMessage(endpoint, message, { headers });

  const initialized = await send(
    'initialize',
    { protocolVersion: LEGACY_VERSION, capabilities: CAPABILITIES, clientInfo: CLIENT_INFO },
    {},
  );
  headers = { ...headers, 'MCP-Protocol-Version': String(initialized['protocolVersion']) };
  await post({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return {
    capabilities: (initialized['capabilities'] ?? {}) as Json,
    request: (method, params, handlers = {}) => send(method, params, handlers),
    close() {
      if (headers['Mcp-Session-Id'] === undefined) return;
      const { url, key } = endpoint;
      // Keepalive, so that the session ends even if the page is closed.
      void fetch(url, {
        method: 'DELETE',
        keepalive: true,
        credentials: 'omit',
        headers: { ...headers, Authorization: `Bearer ${key}` },
      }).catch(() => undefined);
    },
  };
}
