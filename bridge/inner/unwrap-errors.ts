/** What was learnt of the answers of one connection. */
export interface Answers {
  /** A request of a session was answered 404: the session has ended, and nothing of the request was carried out. */
  isLost: boolean;
}

interface RpcAnswer {
  id?: unknown;
  method?: unknown;
  error?: unknown;
}

/** Where a legacy SSE server takes messages: the URL names the session. */
const SSE_MESSAGES = '/sse/-/';

function parse(text: string): RpcAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function namesSession(input: Parameters<typeof fetch>[0], init: RequestInit): boolean {
  if (new Headers(init.headers).has('mcp-session-id')) return true;
  return new URL(input instanceof Request ? input.url : input).pathname.includes(SSE_MESSAGES);
}

/**
 * Gives the answers by which the gateway or a server refuses a request (JSON-RPC errors with a status from 400 on) to the client as what they
 * are: an SDK client makes an error of HTTP of them, in which code, reason and hint are lost.
 */
export function unwrapErrors(inner: typeof fetch, answers: Answers): typeof fetch {
  return async (input, init = {}) => {
    const response = await inner(input, init);
    if (init.method !== 'POST' || response.status < 400 || typeof init.body !== 'string') return response;
    const asked = parse(init.body);
    // A stream, a notification or an answer that finds no session says nothing of the request that is under way: it may have been carried out.
    const isRequest = asked?.id !== undefined && asked.method !== undefined;
    if (response.status === 404 && isRequest && namesSession(input, init)) answers.isLost = true;
    const text = await response.text();
    const answer = parse(text);
    const headers = { 'content-type': 'application/json' };
    if (answer?.error === undefined || asked?.id === undefined)
      return new Response(text, { status: response.status, headers });
    // A refusal of what could not be read has no id.
    return new Response(JSON.stringify({ ...answer, id: asked.id }), { status: 200, headers });
  };
}
