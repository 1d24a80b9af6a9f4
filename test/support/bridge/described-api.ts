import { Validator, type Schema } from '@cfworker/json-schema';
import { sendJson, startApi, type Api, type SeenRequest } from './start-api.ts';

type Json = Record<string, unknown>;

const isJson = (type: string) => /^application\/([\w.-]+\+)?json/.test(type);

/** Converts schemas of OpenAPI 3.0 to JSON Schema. */
function modernise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(modernise);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value as Json).map(([name, one]) => [name, modernise(one)]),
  );
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}

/** The members of a multipart body. */
export function readForm({ headers, body }: Pick<SeenRequest, 'headers' | 'body'>): Promise<FormData> {
  const init = { headers: { 'content-type': headers['content-type'] ?? '' } };
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- unfit for servers on the internet, which this one is not
  return new Response(new Uint8Array(body), init).formData();
}

function createChecks(document: Json) {
  const follow = (value: unknown): Json => {
    const { $ref } = (value ?? {}) as { $ref?: string };
    if ($ref === undefined) return (value ?? {}) as Json;
    const steps = $ref.slice(2).split('/');
    return follow(steps.reduce<unknown>((node, step) => (node as Json)[step], document));
  };

  /** The schema with every other that it refers to, and no more: otherwise the whole document would be processed for each request. */
  function gather(schema: unknown): Schema {
    const found = new Map<string, unknown>();
    const visit = (one: unknown): void => {
      for (const [, name = ''] of JSON.stringify(one ?? {}).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
        if (found.has(name)) continue;
        const target = ((document['components'] as Json)['schemas'] as Json)[name];
        found.set(name, modernise(target));
        visit(target);
      }
    };
    visit(schema);
    return { allOf: [modernise(schema)], components: { schemas: Object.fromEntries(found) } } as Schema;
  }

  function check(schema: unknown, value: unknown, where: string): string[] {
    const { errors } = new Validator(gather(schema), '2020-12', false).validate(value);
    return errors.map(({ instanceLocation, error }) => `${where}${instanceLocation.slice(1)}: ${error}`).slice(0, 5);
  }

  function checkParameters(parameters: Json[], { url, headers }: SeenRequest): string[] {
    const query = new URL(url, 'http://x').searchParams;
    const named = (place: string) => parameters.filter((one) => one['in'] === place);
    const problems = [...query.keys()]
      .filter((name) => !named('query').some((one) => one['name'] === name))
      .map((name) => `query ${name}: not described`);
    for (const one of parameters) {
      const name = String(one['name']);
      const isThere = one['in'] === 'query' ? query.has(name) : headers[name.toLowerCase()] !== undefined;
      if (one['required'] === true && one['in'] !== 'path' && !isThere) problems.push(`${name}: missing`);
      const { type, enum: values } = follow(one['schema']) as { type?: string; enum?: unknown[] };
      const given = one['in'] === 'query' ? query.get(name) : undefined;
      if (given === null || given === undefined) continue;
      if (type === 'integer' && !/^-?\d+$/.test(given)) problems.push(`${name}: no integer`);
      if (values !== undefined && !values.map(String).includes(given)) problems.push(`${name}: not one of its values`);
    }
    return problems;
  }

  async function checkBody(operation: Json, { headers, body }: SeenRequest): Promise<string[]> {
    const requestBody = follow(operation['requestBody']);
    const content = requestBody['content'] as Json | undefined;
    if (body.length === 0) return requestBody['required'] === true ? ['body: missing'] : [];
    if (content === undefined) return ['body: none is described'];
    const written = headers['content-type'] ?? '';
    const [type = ''] = written.split(';');
    if (!(type in content)) return [`content-type: ${type} is not described`];
    const { schema } = content[type] as { schema: Json };
    if (isJson(type)) return check(schema, JSON.parse(body.toString()), 'body');
    if (type !== 'multipart/form-data') return [];
    const form = await readForm({ headers, body });
    const { properties, required = [] } = follow(schema) as { properties: Json; required?: string[] };
    return [
      ...[...form.keys()].filter((name) => !(name in properties)).map((name) => `${name}: not described`),
      ...required.filter((name) => !form.has(name)).map((name) => `${name}: missing`),
    ];
  }

  /** Mismatches of a request; the first operation that matches counts, as paths may differ by a fragment alone. */
  return async (request: SeenRequest, base: string): Promise<string[]> => {
    const path = new URL(request.url, 'http://x').pathname.slice(base.length);
    let problems = [`${request.method} ${path}: not described`];
    for (const [template, item] of Object.entries(document['paths'] as Record<string, Json>)) {
      const pattern = template
        .split('#')[0]!
        .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
        .replace(/\{[^{}]+\}/g, '[^/]+');
      const operation = item[request.method.toLowerCase()] as Json | undefined;
      if (operation === undefined || !new RegExp(`^${pattern}$`).test(path)) continue;
      const parameters = [item['parameters'], operation['parameters']]
        .flatMap((all) => (all ?? []) as Json[])
        .map(follow);
      problems = [...checkParameters(parameters, request), ...(await checkBody(operation, request))];
      if (problems.length === 0) return [];
    }
    return problems;
  };
}

/**
 * Starts a small HTTP server at `base` that checks requests against an OpenAPI description, which `/openapi` serves as text. A mismatch is
 * answered 422 with the reasons.
 */
export async function startDescribedApi(text: string, document: Json, base: string): Promise<Api> {
  const seen: SeenRequest[] = [];
  const check = createChecks(document);
  const api = await startApi((request, response) => {
    const { method, url } = request;
    if (url === '/openapi') return void response.end(text);
    if (method === 'HEAD') return void response.end();
    seen.push(request);
    void check(request, base).then((problems) => {
      if (problems.length > 0) sendJson(response, 422, { problems });
      else if (method === 'DELETE') response.writeHead(204).end();
      else sendJson(response, 200, { ok: true });
    });
  });
  return { ...api, seen };
}
