import type { Problem } from '@mcpgw/registry/contract';
import { ApiError, UnansweredError, UnreachableError } from './api-error.ts';
import { apiUrl } from './urls.ts';

export interface RequestOptions {
  body?: unknown;
  /** The revision that was edited; sent as If-Match. */
  revision?: number;
  query?: Record<string, string | number | undefined>;
  signal?: AbortSignal;
  /** Sent to its end also when the page is closed. */
  keepalive?: boolean;
}

/** The longest that the registry itself lets a request take is about a minute (a registration that is probed and published). */
const DEADLINE_MS = 90_000;
/** When each request that has no answer yet was sent, and how to give it up. */
const waiting = new Map<AbortController, number>();

/** Gives up the requests that were sent before `sentBeforeMs` (`performance.now()`): a connection that broke without a sign never answers them. */
export function giveUpRequests(sentBeforeMs: number): void {
  for (const [controller, sentAtMs] of waiting) if (sentAtMs < sentBeforeMs) controller.abort();
}

type Unauthorized = () => Promise<boolean>;
let handleUnauthorized: Unauthorized = () => Promise.resolve(false);

/** Sets the handler for 401: it resolves true after a new login, and the request is then repeated. */
export function onUnauthorized(handler: Unauthorized): void {
  handleUnauthorized = handler;
}

async function readProblem(response: Response): Promise<Problem> {
  const fallback: Problem = {
    type: 'about:blank',
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
    detail: `The registry answered ${response.status} ${response.statusText}`.trim(),
  };
  try {
    const body = (await response.json()) as Partial<Problem>;
    return typeof body.detail === 'string' || typeof body.title === 'string' ? { ...fallback, ...body } : fallback;
  } catch {
    return fallback;
  }
}

function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const url = apiUrl(path);
  for (const [name, value] of Object.entries(options.query ?? {}))
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.revision !== undefined) headers['If-Match'] = `"${options.revision}"`;
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(), DEADLINE_MS);
  waiting.set(given, performance.now());
  return fetch(url, {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    body: options.body === undefined ? null : JSON.stringify(options.body),
    signal: options.signal === undefined ? given.signal : AbortSignal.any([options.signal, given.signal]),
    keepalive: options.keepalive ?? false,
  })
    .catch((cause: unknown) => {
      if (options.signal?.aborted) throw cause;
      throw given.signal.aborted && method !== 'GET' ? new UnansweredError(cause) : new UnreachableError(cause);
    })
    .finally(() => {
      clearTimeout(timer);
      waiting.delete(given);
    });
}

/**
 * Sends a request to the REST API. `path` is relative to the gateway's root ("api/servers"). Throws `ApiError` with the registry's
 * problem document, or `UnreachableError`. If the session has expired, the user is asked to log in and the request is repeated.
 */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  let response = await send(method, path, options);
  if (response.status === 401 && path !== 'api/session' && (await handleUnauthorized()))
    response = await send(method, path, options);
  // 502 and 504 come from a proxy that cannot reach the registry.
  if (response.status === 502 || response.status === 504) throw new UnreachableError(response.status);
  if (!response.ok) throw new ApiError(await readProblem(response));
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}
