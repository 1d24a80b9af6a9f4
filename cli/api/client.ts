import type { z } from 'zod';
import { CliError } from '../program/cli-error.ts';
import { explainNoResponse, explainProblem } from './explain-failure.ts';

/** Longer than a registration, which waits until the server is live in NGINX. */
const TIMEOUT_MS = 60_000;

type Query = Record<string, string | number | boolean | undefined>;
export interface ApiRequest<Schema extends z.ZodType> {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments of the path. Each is encoded, so a server's path is one segment. */
  path: readonly string[];
  query?: Query;
  body?: unknown;
  /** Revision that the change is based on. */
  ifMatch?: number;
  /** Schema of the response body, which is returned as received, unknown members included. */
  response: Schema;
  /** Status codes besides 2xx whose body matches `response`. */
  acceptStatuses?: readonly number[];
}

/** The REST API of one gateway. */
export interface Api {
  url: string;
  headers: Record<string, string>;
  /** Throws CliError with the message of the gateway. */
  request: <Schema extends z.ZodType>(request: ApiRequest<Schema>) => Promise<z.output<Schema>>;
  /** Returns the response before its body is read, for downloads. Throws CliError unless the status is 2xx. */
  open: (path: readonly string[], query?: Query) => Promise<Response>;
}

function locate(url: string, path: readonly string[], query: Query): URL {
  const located = new URL(`${url}/${path.map(encodeURIComponent).join('/')}`);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) located.searchParams.set(name, String(value));
  return located;
}

/** Creates a client of the REST API at `url`; `headers` authenticate the caller. */
export function createApi(url: string, headers: Record<string, string>): Api {
  async function send(at: URL, init: RequestInit, timeoutMs: number): Promise<Response> {
    try {
      // Following a redirect would send the credentials elsewhere.
      return await fetch(at, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    } catch (thrown) {
      throw explainNoResponse(url, thrown, timeoutMs);
    }
  }
  function refuseRedirect(response: Response): void {
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return;
    throw new CliError(`${url} redirects to ${location}`, { hint: 'Use that address: --url or MCPGW_URL.' });
  }
  return {
    url,
    headers,
    async request({ method = 'GET', path, query = {}, body, ifMatch, response: schema, acceptStatuses = [] }) {
      const response = await send(
        locate(url, path, query),
        {
          method,
          headers: {
            ...headers,
            accept: 'application/json',
            ...(ifMatch !== undefined && { 'if-match': `"${ifMatch}"` }),
            ...(body !== undefined && { 'content-type': 'application/json' }),
          },
          body: body === undefined ? null : JSON.stringify(body),
        },
        TIMEOUT_MS,
      );
      refuseRedirect(response);
      const payload: unknown = await response.json().catch(() => undefined);
      const isExpected = response.ok || acceptStatuses.includes(response.status);
      if (isExpected && schema.safeParse(payload).success) return payload as z.output<typeof schema>;
      if (!response.ok) throw explainProblem(url, response.status, payload);
      throw new CliError(`${url} sent an unexpected response`, {
        hint: 'Use the command of the same version as the gateway: "mcpgw status" shows both.',
      });
    },
    async open(path, query = {}) {
      const response = await send(locate(url, path, query), { headers }, 3_600_000);
      refuseRedirect(response);
      if (!response.ok) throw explainProblem(url, response.status, await response.json().catch(() => undefined));
      return response;
    },
  };
}
