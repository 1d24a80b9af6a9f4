/** What the responses of one connection have shown. */
export interface Answers {
  /** A request of a session was answered 404: the session has ended, and the request was not carried out. */
  isLost: boolean;
}

interface RpcMessage {
  id?: unknown;
  method?: unknown;
  error?: unknown;
}

/** Where a legacy SSE server receives messages: the URL contains the session. */
const SSE_MESSAGES = '/sse/-/';

function parse(text: string): RpcMessage | undefined {
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
 * Passes JSON-RPC errors with a status of 400 or above, by which the gateway or a server refuses a request, to the client with status 200: an SDK
 * client would turn them into HTTP errors, which lose code, reason and hint.
 */
export function unwrapErrors(inner: typeof fetch, answers: Answers): typeof fetch {
  return async (input, init = {}) => {
    const response = await inner(input, init);
    if (init.method !== 'POST' || response.status < 400 || typeof init.body !== 'string') return response;
    const sent = parse(init.body);
    // A 404 for a stream, a notification or a response says nothing about the request in progress: it may have been carried out.
    const isRequest = sent?.id !== undefined && sent.method !== undefined;
    if (response.status === 404 && isRequest && namesSession(input, init)) answers.isLost = true;
    const text = await response.text();
    const answer = parse(text);
    const headers = { 'content-type': 'application/json' };
    if (answer?.error === undefined || sent?.id === undefined)
      return new Response(text, { status: response.status, headers });
    // The error for an unreadable request has no id.
    return new Response(JSON.stringify({ ...answer, id: sent.id }), { status: 200, headers });
  };
}
