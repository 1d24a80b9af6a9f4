import { problem } from '@mcpgw/registry/contract';
import type { z } from 'zod';
import { ToolError } from '../tool-error.ts';

/** How to reach the registry in the name of one caller. */
export interface RegistryAccess {
  url: string;
  /** The caller's own key; undefined: it sent none. */
  key: string | undefined;
}
export interface RegistryRequest<Schema extends z.ZodType> {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Segments of the path; each is encoded, so a server's path is one of them. */
  path: readonly string[];
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  answer: Schema;
  /** Statuses besides 2xx whose body is an answer, not a problem. */
  alsoAnswers?: readonly number[];
}
export type AskRegistry = <Schema extends z.ZodType>(request: RegistryRequest<Schema>) => Promise<z.output<Schema>>;

/** Longer than a registration may take: it waits until NGINX serves the server. */
const TIMEOUT_MS = 60_000;

function explainNetwork(url: string, thrown: unknown): ToolError {
  const { name, cause } = thrown as { name?: string; cause?: { code?: string } };
  const why =
    name === 'TimeoutError'
      ? `gave no answer for ${TIMEOUT_MS / 1_000} s`
      : `cannot be reached (${cause?.code ?? 'network error'})`;
  return new ToolError(
    `the registry at ${url} ${why}`,
    'Look whether it runs (GET /readyz) and whether REGISTRY_URL of mcpgw-server is right. Servers keep working meanwhile.',
  );
}

function explainRefusal(status: number, body: unknown): ToolError {
  const parsed = problem.safeParse(body);
  if (!parsed.success) return new ToolError(`the registry answered ${status} without saying why`, 'Its log has more.');
  const { title, detail, hint, errors = [] } = parsed.data;
  const fields = errors
    .filter(({ message }) => !detail.includes(message))
    .map(({ field, message }) => `${field}: ${message}`);
  return new ToolError(`${title}: ${[detail, ...fields].join('; ')}`, hint ?? adviceFor(status), parsed.data.code);
}

function adviceFor(status: number): string | undefined {
  if (status === 401) return 'Send a key that the registry made: Authorization: Bearer mgw_….';
  if (status === 403)
    return 'Your key may not do this. An admin can give its agent another role (viewer, operator, admin).';
  return undefined;
}

/** Asks the REST API in the name of the caller, with its key and no other. Throws ToolError with cause and remedy. */
export function createRegistryClient(access: RegistryAccess, signal: AbortSignal): AskRegistry {
  return async ({ method = 'GET', path, query = {}, body, answer, alsoAnswers = [] }) => {
    if (access.key === undefined)
      throw new ToolError(
        'no key came with this request',
        'Connect with the header "Authorization: Bearer <key>" (over stdio: set MCPGW_KEY). A user name and a password open nothing here.',
      );
    const url = new URL(`${access.url}/${path.map(encodeURIComponent).join('/')}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${access.key}`,
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
    } catch (thrown) {
      throw explainNetwork(access.url, thrown);
    }
    const said: unknown = await response.json().catch(() => undefined);
    if (response.ok || alsoAnswers.includes(response.status)) {
      const parsed = answer.safeParse(said);
      if (parsed.success) return parsed.data;
    }
    if (!response.ok) throw explainRefusal(response.status, said);
    throw new ToolError(
      'the registry answered in a form that this version does not know',
      'Run registry and mcpgw-server of the same version.',
    );
  };
}
