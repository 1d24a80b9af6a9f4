import type { Message, RequestHandlers } from './message.ts';

const METHOD_NOT_FOUND = -32_601;
const INTERNAL_ERROR = -32_603;

/** The answer to a request that the server sent. */
export async function answerQuestion(
  { id = null, method = '', params = {} }: Message,
  { onQuestion }: RequestHandlers,
): Promise<Message> {
  const answer = { jsonrpc: '2.0' as const, id };
  if (method === 'ping') return { ...answer, result: {} };
  if (method !== 'elicitation/create' || onQuestion === undefined)
    return { ...answer, error: { code: METHOD_NOT_FOUND, message: `${method} is not offered by the playground` } };
  try {
    return { ...answer, result: await onQuestion(method, params) };
  } catch (error) {
    return { ...answer, error: { code: INTERNAL_ERROR, message: String(error) } };
  }
}
