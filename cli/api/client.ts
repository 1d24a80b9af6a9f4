import type { z } from 'zod';
import { CliError } from '../program/cli-error.ts';
import { explainNoAnswer, explainProblem } from './explain-failure.ts';

/** Longer than a registration, which waits until the server is live in NGINX. */
const TIMEOUT_MS = 60_000;

type Query = Record<string, string | number | boolean | undefined>;
export interface ApiRequest<Schema extends z.ZodType> {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments of the path. Each is encoded, so a server's path is one segment. */
  path: readonly string[];
  query?: Query;
  body?: unknown;
  /** The revision that a change is about. */
  ifMatch?: number;
  /** What the answer is; it is given back whole, with what the schema does not know. */
  answer: Schema;
  /** Further statuses whose body is such an answer. */
  acceptStatuses?: readonly number[];
}

/** The REST API of one gateway. */
export interface Api {
  url: string;
  headers: Record<string, string>;
  /** Throws CliError with the gateway's own words. */
  ask: <Schema extends z.ZodType>(request: ApiRequest<Schema>) => Promise<z.output<Schema>>;
  /** The answer before its body is read, for downloads. Throws CliError unless it is 2xx. */
  open: (path: readonly string[], query?: Query) => Promise<Response>;
}

function locate(url: string, path: readonly string[], query: Query): URL {
  const located = new URL(`${url}/${path.map(encodeURIComponent).join('/')}`);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) located.searchParams.set(name, String(value));
  return located;
}

/** Creates a client of the REST API at `url`; `headers` say who calls. */
export function createApi(url: string, headers: Record<string, string>): Api {
  async function send(at: URL, init: RequestInit, timeoutMs: number): Promise<Response> {
    try {
      // A redirect would carry the login elsewhere.
      return await fetch(at, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    } catch (thrown) {
      throw explainNoAnswer(url, thrown, timeoutMs);
    }
  }
  function refuseRedirect(response: Response): void {
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return;
    throw new CliError(`${url} sends to ${location}`, { hint: 'Use that address: --url or MCPGW_URL.' });
  }
  return {
    url,
    headers,
    async ask({ method = 'GET', path, query = {}, body, ifMatch, answer, acceptStatuses = [] }) {
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
      const isAnswer = response.ok || acceptStatuses.includes(response.status);
      if (isAnswer && answer.safeParse(payload).success) return payload as z.output<typeof answer>;
      if (!response.ok) throw explainProblem(url, response.status, payload);
      throw new CliError(`${url} sent an answer that this command does not understand`, {
        hint: 'Use the command in the version of the gateway: "mcpgw status" shows both.',
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
