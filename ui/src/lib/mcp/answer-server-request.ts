import type { Message, RequestHandlers } from './message.ts';

const METHOD_NOT_FOUND = -32_601;
const INTERNAL_ERROR = -32_603;

/** The response to a request that the server sent. */
export async function answerServerRequest(
  { id = null, method = '', params = {} }: Message,
  { onElicitation }: RequestHandlers,
): Promise<Message> {
  const response = { jsonrpc: '2.0' as const, id };
  if (method === 'ping') return { ...response, result: {} };
  if (method !== 'elicitation/create' || onElicitation === undefined)
    return { ...response, error: { code: METHOD_NOT_FOUND, message: `${method} is not supported by the playground` } };
  try {
    return { ...response, result: await onElicitation(method, params) };
  } catch (error) {
    return { ...response, error: { code: INTERNAL_ERROR, message: String(error) } };
  }
}
