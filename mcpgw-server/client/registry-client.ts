import { problem } from '@mcpgw/registry/contract';
import type { z } from 'zod';
import { ToolError } from '../tool-error.ts';
import { nameArguments, nameTools } from './name-tools.ts';

/** The registry's URL and the key of one caller. */
export interface RegistryAccess {
  url: string;
  /** Undefined if the caller sent none. */
  key: string | undefined;
  /** Field of the REST API → argument of the tool that is called, for errors. */
  fields?: Readonly<Record<string, string>>;
}
export interface RegistryRequest<Schema extends z.ZodType> {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path segments. Each is encoded, so a server's path is one segment. */
  path: readonly string[];
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  /** Schema of the response body. */
  response: Schema;
  /** Status codes besides 2xx whose body matches `response`. */
  acceptStatuses?: readonly number[];
}
export type RegistryClient = <Schema extends z.ZodType>(request: RegistryRequest<Schema>) => Promise<z.output<Schema>>;

/** Longer than a registration, which waits until the server is live in NGINX. */
const TIMEOUT_MS = 60_000;

function toNetworkError(url: string, thrown: unknown): ToolError {
  const { name, cause } = thrown as { name?: string; cause?: { code?: string } };
  const why =
    name === 'TimeoutError'
      ? `did not respond within ${TIMEOUT_MS / 1_000} s`
      : `cannot be reached (${cause?.code ?? 'network error'})`;
  return new ToolError(
    `the registry at ${url} ${why}`,
    'Check that the registry is running and that REGISTRY_URL of mcpgw-server is correct. Registered servers keep working.',
  );
}

function toProblemError(status: number, body: unknown, named: Readonly<Record<string, string>>): ToolError {
  const parsed = problem.safeParse(body);
  if (!parsed.success)
    return new ToolError(`the registry responded with ${status} and no reason`, 'See the log of the registry.');
  const { title, detail, hint, errors = [] } = parsed.data;
  const fields = errors
    .filter(({ message }) => !detail.includes(message))
    .map(({ field, message }) => `${field}: ${message}`);
  const text = nameTools(nameArguments(`${title}: ${[detail, ...fields].join('; ')}`, named));
  return new ToolError(text, hint === undefined ? hintFor(status) : nameTools(hint), parsed.data.code);
}

function hintFor(status: number): string | undefined {
  if (status === 401) return 'Send a valid API key: Authorization: Bearer mgw_….';
  if (status === 403)
    return 'The role of your key does not allow this. An admin can give its agent another role (viewer, operator, admin).';
  return undefined;
}

/** Creates a client of the REST API that sends the caller's own key. It throws ToolError with cause and hint. */
export function createRegistryClient(access: RegistryAccess, signal: AbortSignal): RegistryClient {
  return async ({ method = 'GET', path, query = {}, body, response: schema, acceptStatuses = [] }) => {
    if (access.key === undefined)
      throw new ToolError(
        'the request has no API key',
        'Connect with the header "Authorization: Bearer <key>" (stdio: set MCPGW_KEY). User name and password are not accepted.',
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
      throw toNetworkError(access.url, thrown);
    }
    const payload: unknown = await response.json().catch(() => undefined);
    if (response.ok || acceptStatuses.includes(response.status)) {
      const parsed = schema.safeParse(payload);
      if (parsed.success) return parsed.data;
    }
    if (!response.ok) throw toProblemError(response.status, payload, access.fields ?? {});
    throw new ToolError(
      'the registry sent an unexpected response',
      'Run the registry and mcpgw-server in the same version.',
    );
  };
}
