/** What was learnt of the answers of one connection. */
export interface Answers {
  /** A request was answered 404: its session has ended. Nothing of it was carried out. */
  isLost: boolean;
}

interface RpcAnswer {
  id?: unknown;
  error?: unknown;
}

function parse(text: string): RpcAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Gives the answers by which the gateway or a server refuses a request (JSON-RPC errors with a status from 400 on) to the client as what they
 * are: an SDK client makes an error of HTTP of them, in which code, reason and hint are lost.
 */
export function unwrapErrors(inner: typeof fetch, answers: Answers): typeof fetch {
  return async (input, init = {}) => {
    const response = await inner(input, init);
    if (response.status === 404) answers.isLost = true;
    if (init.method !== 'POST' || response.status < 400 || typeof init.body !== 'string') return response;
    const text = await response.text();
    const answer = parse(text);
    const asked = parse(init.body);
    const headers = { 'content-type': 'application/json' };
    if (answer?.error === undefined || asked?.id === undefined)
      return new Response(text, { status: response.status, headers });
    // A refusal of what could not be read has no id.
    return new Response(JSON.stringify({ ...answer, id: asked.id }), { status: 200, headers });
  };
}
