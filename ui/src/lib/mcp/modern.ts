import type { Connection } from './connection.ts';
import { McpError, modernHeaders, modernMeta, type Json, type Message, type RequestHandlers } from './message.ts';
import { postMessage, type Endpoint } from './post-message.ts';

/** Maximum number of input requests of a server before its result. */
const MAX_ROUNDS = 20;

/** Connects to a server of the revision without sessions (2026-07-28). Throws McpError. */
export async function connectModern(endpoint: Endpoint): Promise<Connection> {
  let nextId = 1;

  async function send(method: string, params: Json, handlers: RequestHandlers): Promise<Json> {
    const { signal, onNotification, headers } = handlers;
    const id = nextId++;
    const callerMeta = (params['_meta'] ?? {}) as Json;
    const message: Message = {
      jsonrpc: '2.0',
      id,
      method,
      params: { ...params, _meta: { ...callerMeta, ...modernMeta(), progressToken: id } },
    };
    let response: Message | undefined;
    await postMessage(endpoint, message, {
      headers: { ...modernHeaders(method, params), ...headers },
      signal,
      onMessage(received) {
        if (received.id === id && received.method === undefined) response = received;
        else onNotification?.(received);
      },
    });
    if (response?.error) throw new McpError(response.error.message, response.error.code, response.error.data);
    if (response?.result === undefined) throw new McpError('The response ended without a result');
    return response.result;
  }

  async function collectResponses(inputRequests: Json, { onElicitation }: RequestHandlers): Promise<Json> {
    const responses: Json = {};
    for (const [id, request] of Object.entries(inputRequests)) {
      const { method = '', params = {} } = request as { method?: string; params?: Json };
      if (onElicitation === undefined) throw new McpError(`The server requested ${method}, which is not supported`);
      responses[id] = await onElicitation(method, params);
    }
    return responses;
  }

  const discovered = await send('server/discover', {}, {});
  return {
    capabilities: (discovered['capabilities'] ?? {}) as Json,
    async request(method, params, handlers = {}) {
      let result = await send(method, params, handlers);
      for (let round = 0; result['resultType'] === 'input_required'; round += 1) {
        if (round >= MAX_ROUNDS) throw new McpError(`The server requested input more than ${MAX_ROUNDS} times`);
        const inputResponses = await collectResponses((result['inputRequests'] ?? {}) as Json, handlers);
        const { requestState } = result;
        const more = { inputResponses, ...(requestState === undefined ? {} : { requestState }) };
        result = await send(method, { ...params, ...more }, handlers);
      }
      return result;
    },
    close: () => undefined,
  };
}
