import { isRecord, type Api, type ApiOperation } from '../contract/index.ts';
import { compileBody } from './compile-body.ts';
import { compileParameters } from './compile-parameters.ts';
import { describeCredentials } from './describe-credentials.ts';
import { invalidDescription, shorten, textOf, type Document, type Json } from './document.ts';
import { locateServer } from './locate-server.ts';
import { nameTools } from './name-tools.ts';
import { parseDocument } from './parse-document.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;
const MAX_OPERATIONS = 1_000;
const MAX_LEFT_OUT = 100;
/** Of all tools together, so that their list can still be sent. */
const MAX_LENGTH = 4 * 1024 * 1024;
const MAX_TOOL_LENGTH = 16 * 1024;

/** The annotations of a tool by its method (RFC 9110 §9.2). */
const HINTS: Record<(typeof METHODS)[number], Record<string, boolean>> = {
  get: { readOnlyHint: true },
  head: { readOnlyHint: true },
  options: { readOnlyHint: true },
  put: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  post: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  patch: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  delete: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
};

interface Found {
  method: (typeof METHODS)[number];
  /** As it is requested. */
  path: string;
  /** As written in the description. */
  written: string;
  pathItem: Json;
  operation: Json;
  operationId: string;
}

function listOperations(document: Document): Found[] {
  const paths = Object.entries(document.root['paths'] as Json);
  return paths.flatMap(([path, written]) => {
    const pathItem = document.follow(written);
    if (pathItem === undefined || !path.startsWith('/')) return [];
    // Some descriptions distinguish operations of one path by a fragment, which is not part of a request.
    const [requested = path] = path.split('#');
    return METHODS.flatMap((method): Found[] => {
      const operation = document.follow(pathItem[method]);
      if (operation === undefined) return [];
      return [
        { method, path: requested, written: path, pathItem, operation, operationId: textOf(operation['operationId']) },
      ];
    });
  });
}

/** Why an operation cannot be a tool; undefined: it can. */
function explainLeftOut({ pathItem, operation, path }: Found, serverUrl: string | null): string | undefined {
  if (path.length > 1_000 || /[\u0000-\u0020\u007f?#]/.test(path)) return 'its path is not a valid path of a URL';
  const elsewhere = locateServer(operation, serverUrl) ?? locateServer(pathItem, serverUrl);
  if (elsewhere === null || serverUrl === null || elsewhere === serverUrl) return undefined;
  return `it is at another server (${elsewhere.slice(0, 200)}), which the credentials of this one are not for`;
}

function listAccepted(document: Document, { operation }: Found): string {
  const responses = isRecord(operation['responses']) ? Object.entries(operation['responses']) : [];
  const types = responses
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, response]) => Object.keys((document.follow(response)?.['content'] ?? {}) as Json))
    .filter((type) => /^[\w.+*-]+\/[\w.+*-]+(;\s*[\w.-]+=[\w.-]+)*$/.test(type));
  return [...new Set(types)].slice(0, 8).join(', ') || '*/*';
}

function compileOperation(document: Document, found: Found, name: string, maxLength: number): ApiOperation {
  const { method, path, operation } = found;
  const body = compileBody(document, operation, maxLength);
  const taken = new Set(body === undefined ? [] : ['body']);
  const parameters = compileParameters(document, found, taken);
  const summary = shorten(operation['summary'], 200);
  const details = shorten(operation['description'], 1_500);
  const fallback = `${method.toUpperCase()} ${path}`;
  const about = [summary, details === summary ? '' : details].filter((text) => text !== '').join('\n\n');
  const properties = Object.fromEntries(parameters.map(({ parameter, schema }) => [parameter.argument, schema]));
  const required = parameters.filter(({ isRequired }) => isRequired).map(({ parameter }) => parameter.argument);
  return {
    tool: {
      name,
      ...(summary !== '' && { title: summary }),
      description: `${operation['deprecated'] === true ? 'Deprecated. ' : ''}${about === '' ? fallback : about}`,
      inputSchema: {
        type: 'object',
        properties: { ...properties, ...(body !== undefined && { body: body.schema }) },
        required: [...required, ...(body?.isRequired === true ? ['body'] : [])],
        additionalProperties: false,
      } as ApiOperation['tool']['inputSchema'],
      annotations: { ...HINTS[method], openWorldHint: true },
    },
    method: method.toUpperCase(),
    path,
    parameters: parameters.map(({ parameter }) => parameter),
    body: body?.body ?? null,
    accept: listAccepted(document, found),
  };
}

/**
 * Compiles a description for the bridge. `at` is the URL that it was read from: a relative URL of its server is relative to that. Throws RegistryError
 * `invalid` when it is not an OpenAPI 3 description or has no operation.
 */
export function compileDescription(text: string, at: string | null): Api {
  const document = parseDocument(text);
  const info = document.follow(document.root['info']) ?? {};
  const serverUrl = locateServer(document.root, at);
  const all = listOperations(document);
  if (all.length === 0) throw invalidDescription('it has no operations');
  const leftOut = all.flatMap((found, index) => {
    const why =
      index < MAX_OPERATIONS ? explainLeftOut(found, serverUrl) : `it has more than ${MAX_OPERATIONS} operations`;
    return why === undefined ? [] : [{ found, reason: why }];
  });
  const omitted = new Set(leftOut.map(({ found }) => found));
  const included = all.filter((found) => !omitted.has(found));
  const names = nameTools(included.map(({ written, ...found }) => ({ ...found, path: written })));
  const maxLength = Math.max(
    500,
    Math.min(MAX_TOOL_LENGTH, Math.floor(MAX_LENGTH / Math.max(1, included.length)) - 1_000),
  );
  return {
    title: shorten(info['title'], 200) || 'API',
    version: shorten(info['version'], 50),
    description: shorten(info['description'], 2_000),
    serverUrl,
    operations: included.map((found, index) => compileOperation(document, found, names[index] ?? '', maxLength)),
    leftOut: leftOut.slice(0, MAX_LEFT_OUT).map(({ found: { method, written }, reason }) => ({
      operation: `${method.toUpperCase()} ${written}`.slice(0, 300),
      reason,
    })),
    credentials: describeCredentials(document),
  };
}
