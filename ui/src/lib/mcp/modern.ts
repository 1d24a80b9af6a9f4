import type { Connection } from './connection.ts';
import { McpError, modernHeaders, modernMeta, type Json, type Message, type RequestHandlers } from './message.ts';
import { postMessage, type Endpoint } from './post-message.ts';

/** A server may ask so often before it answers. */
const MAX_ROUNDS = 20;

/** Connects to a server of the revision without sessions (2026-07-28). Throws McpError. */
export async function connectModern(endpoint: Endpoint): Promise<Connection> {
  let nextId = 1;

  async function send(method: string, params: Json, handlers: RequestHandlers): Promise<Json> {
    const { signal, onNotification, headers } = handlers;
    const id = nextId++;
    const given = (params['_meta'] ?? {}) as Json;
    const message: Message = {
      jsonrpc: '2.0',
      id,
      method,
      params: { ...params, _meta: { ...given, ...modernMeta(), progressToken: id } },
    };
    let answer: Message | undefined;
    await postMessage(endpoint, message, {
      headers: { ...modernHeaders(method, params), ...headers },
      signal,
      onMessage(received) {
        if (received.id === id && received.method === undefined) answer = received;
        else onNotification?.(received);
      },
    });
    if (answer?.error) throw new McpError(answer.error.message, answer.error.code, answer.error.data);
    if (answer?.result === undefined) throw new McpError('The answer ended without a result');
    return answer.result;
  }

  async function answerAll(questions: Json, { onQuestion }: RequestHandlers): Promise<Json> {
    const answers: Json = {};
    for (const [id, question] of Object.entries(questions)) {
      const { method = '', params = {} } = question as { method?: string; params?: Json };
      if (onQuestion === undefined) throw new McpError(`The server asks ${method}, which cannot be answered here`);
      answers[id] = await onQuestion(method, params);
    }
    return answers;
  }

  const discovered = await send('server/discover', {}, {});
  return {
    capabilities: (discovered['capabilities'] ?? {}) as Json,
    async request(method, params, handlers = {}) {
      let result = await send(method, params, handlers);
      for (let round = 0; result['resultType'] === 'input_required'; round += 1) {
        if (round >= MAX_ROUNDS) throw new McpError(`The server asked more than ${MAX_ROUNDS} times`);
        const inputResponses = await answerAll((result['inputRequests'] ?? {}) as Json, handlers);
        const { requestState } = result;
        const more = { inputResponses, ...(requestState === undefined ? {} : { requestState }) };
        result = await send(method, { ...params, ...more }, handlers);
      }
      return result;
    },
    close: () => undefined,
  };
}
