import type { Problem } from '@mcpgw/registry/contract';
import { ApiError, UnansweredError, UnreachableError } from './api-error.ts';
import { apiUrl } from './urls.ts';

export interface RequestOptions {
  body?: unknown;
  /** The revision that was edited; sent as If-Match. */
  revision?: number;
  query?: Record<string, string | number | undefined>;
  signal?: AbortSignal;
  /** The request completes even if the page is closed. */
  keepalive?: boolean;
}

/** The registry itself limits a request to about a minute (a registration that is probed and published). */
const DEADLINE_MS = 90_000;
/** Requests without a response yet: the controller that aborts each, and when it was sent. */
const pending = new Map<AbortController, number>();

/** Aborts the requests that were sent before `sentBeforeMs` (`performance.now()`): over a connection that died silently, no response arrives. */
export function abortRequestsBefore(sentBeforeMs: number): void {
  for (const [controller, sentAtMs] of pending) if (sentAtMs < sentBeforeMs) controller.abort();
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
    detail: `The registry responded with ${response.status} ${response.statusText}`.trim(),
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
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), DEADLINE_MS);
  pending.set(controller, performance.now());
  return fetch(url, {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    body: options.body === undefined ? null : JSON.stringify(options.body),
    signal: options.signal === undefined ? controller.signal : AbortSignal.any([options.signal, controller.signal]),
    keepalive: options.keepalive ?? false,
  })
    .catch((cause: unknown) => {
      if (options.signal?.aborted) throw cause;
      throw controller.signal.aborted && method !== 'GET' ? new UnansweredError(cause) : new UnreachableError(cause);
    })
    .finally(() => {
      clearTimeout(timer);
      pending.delete(controller);
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
