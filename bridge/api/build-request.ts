import type { ApiFile, ApiOperation } from '@mcpgw/registry/contract';
import { writeBody, type WrittenBody } from './write-body.ts';
import { encode, toText, InvalidArgument, writeHeader, writePath, writeQuery } from './write-parameter.ts';

export interface ApiRequest {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: WrittenBody['body'] | undefined;
}

type Arguments = Record<string, unknown>;

/** Throws InvalidArgument naming arguments that are missing or that the tool does not have. */
function checkNames({ tool, parameters, body }: ApiOperation, given: Arguments): void {
  const known = [...parameters.map(({ argument }) => argument), ...(body === null ? [] : ['body'])];
  const required = (tool.inputSchema['required'] ?? []) as string[];
  const missing = required.filter((name) => given[name] === undefined || given[name] === null);
  if (missing.length > 0) throw new InvalidArgument(`missing: ${missing.join(', ')}`);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const list = known.length === 0 ? 'it has none' : `its arguments are ${known.join(', ')}`;
  throw new InvalidArgument(`unknown: ${unknown.slice(0, 5).join(', ').slice(0, 200)}; ${list}`);
}

/** Merges the cookies of the arguments with the credential cookies, which win where names are equal. */
function writeCookies(cookies: readonly string[], credential = ''): string {
  const nameOf = (pair: string) => pair.split('=')[0]?.trim();
  const own = credential.split(';').map((pair) => pair.trim());
  const names = new Set(own.map(nameOf));
  return [...cookies.filter((pair) => !names.has(nameOf(pair))), ...own].filter((pair) => pair !== '').join('; ');
}

/** Builds the request of a call. The server's credentials are set last, so no argument replaces one. Throws InvalidArgument. */
export function buildRequest(
  file: Pick<ApiFile, 'url' | 'headers'>,
  operation: ApiOperation,
  given: Arguments,
): ApiRequest {
  checkNames(operation, given);
  const base = new URL(file.url);
  const filled = new Map<string, string>();
  const query: string[] = [];
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (const parameter of operation.parameters) {
    const value = given[parameter.argument];
    if (value === undefined || value === null) continue;
    if (parameter.in === 'path') filled.set(parameter.name, writePath(parameter, value));
    else if (parameter.in === 'query') query.push(...writeQuery(parameter, value));
    else if (parameter.in === 'header') headers[parameter.name.toLowerCase()] = writeHeader(parameter, value);
    else cookies.push(`${encode(parameter.name)}=${encode(toText(value))}`);
  }
  const below = operation.path.replace(/\{([^{}]+)\}/g, (_, name: string) => filled.get(name) ?? '');
  // Parsing a URL removes such segments, and the result would be the URL of another operation.
  if (below.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment)))
    throw new InvalidArgument('"." and ".." cannot be used in a path');
  const root = base.pathname.replace(/\/+$/, '');
  const secret = base.search.slice(1);
  const names = new Set(new URLSearchParams(secret).keys());
  const own = query.filter((pair) => !names.has(decodeURIComponent(pair.split('=')[0] ?? '')));
  const search = [...own, ...(secret === '' ? [] : [secret])].join('&');
  const url = new URL(`${base.origin}${root}${below}${search === '' ? '' : `?${search}`}`);
  if (url.origin !== base.origin || !url.pathname.startsWith(`${root}/`))
    throw new InvalidArgument('these arguments lead to a URL outside the API');
  const written =
    operation.body === null || given['body'] === undefined ? undefined : writeBody(operation.body, given['body']);
  headers['accept'] = operation.accept;
  headers['user-agent'] = 'mcpgw';
  if (written?.contentType !== undefined) headers['content-type'] = written.contentType;
  for (const [name, value] of Object.entries(file.headers)) headers[name.toLowerCase()] = value;
  const cookie = writeCookies(cookies, headers['cookie']);
  if (cookie !== '') headers['cookie'] = cookie;
  return { url, method: operation.method, headers, body: written?.body };
}
