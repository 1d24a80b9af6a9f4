import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileDescription } from './compile-description.ts';
import { nameTools } from './name-tools.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const NOTION = 'node_modules/@notionhq/notion-mcp-server/scripts/notion-openapi.json';

function describe(operation: object, more: object = {}, path = '/things/{id}') {
  const document = { openapi: '3.0.3', info: { title: 'T' }, servers: [{ url: 'https://api.example.com/v1' }] };
  const compiled = compileDescription(
    JSON.stringify({ ...document, paths: { [path]: { post: operation } }, ...more }),
    null,
  );
  return compiled.operations[0]!;
}

test('a schema that is left open accepts everything, alone and in combination with others', () => {
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const schema = {
    properties: {
      kind: { oneOf: [ref('Tree'), ref('Tree')] },
      plain: { oneOf: [{ type: 'string' }, { type: 'null' }] },
    },
    not: ref('Missing'),
    if: ref('Missing'),
    then: { required: ['a'] },
  };
  const Tree = { type: 'object', properties: { children: { type: 'array', items: ref('Tree') } } };
  const { tool } = describe(
    { requestBody: { content: { 'application/json': { schema } } } },
    { components: { schemas: { Tree } } },
  );
  const { body } = tool.inputSchema['properties'] as { body: Record<string, Record<string, object>> };
  expect(Object.keys(body)).toEqual(['properties']);
  expect(Object.keys(body['properties']?.['kind'] ?? {})).toEqual(['anyOf']);
  expect(body['properties']?.['plain']).toEqual({ oneOf: [{ type: 'string' }, { type: 'null' }] });
});

test('files are recognised as 3.0 and 3.1 describe them, also in parts of the schema', () => {
  const schema = {
    allOf: [{ properties: { one: { type: 'string', contentEncoding: 'binary' } } }],
    properties: {
      two: { type: 'string', format: 'binary' },
      three: { type: 'array', items: { type: 'string', contentMediaType: 'image/png' } },
      text: { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/png' },
    },
  };
  const { body } = describe({ requestBody: { content: { 'multipart/form-data': { schema } } } });
  expect(body?.files).toEqual(['one', 'two', 'three']);
});

test('a fragment in a path distinguishes operations and is not sent; a key of the API is no argument', () => {
  const parameters = [
    { name: 'api_key', in: 'header', schema: { type: 'string' } },
    { name: 'sid', in: 'cookie', schema: { type: 'string' } },
    { name: 'q', in: 'query', schema: { type: 'string' } },
  ];
  const securitySchemes = {
    header: { type: 'apiKey', in: 'header', name: 'api_key' },
    cookie: { type: 'apiKey', in: 'cookie', name: 'sid' },
  };
  const operation = describe({ parameters }, { components: { securitySchemes } }, '/things/{id}#share');
  expect(operation).toMatchObject({ path: '/things/{id}', tool: { name: 'post_things_id_share' } });
  expect(operation.parameters.map(({ name }) => name)).toEqual(['q', 'id']);
});

test("Notion's own description: every operation is a tool with short schemas and the kind of its method", () => {
  const { title, serverUrl, operations, leftOut, credentials } = compileDescription(read(NOTION), null);
  expect({ title, serverUrl, leftOut }).toEqual({
    title: 'Notion API',
    serverUrl: 'https://api.notion.com',
    leftOut: [],
  });
  expect(operations).toHaveLength(24);
  expect(new Set(operations.map(({ tool }) => tool.name)).size).toBe(24);
  expect(credentials[0]).toContain('Bearer');
  for (const { tool, method } of operations) {
    expect(tool.name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(JSON.stringify(tool.inputSchema)).not.toContain('$ref');
    expect(JSON.stringify(tool).length).toBeLessThan(18_000);
    expect(tool.annotations?.['readOnlyHint']).toBe(method === 'GET');
    expect(tool.annotations?.['destructiveHint'] === true).toBe(method === 'DELETE');
  }
  const blocks = operations.find(({ tool }) => tool.name === 'get-block-children')!;
  expect(blocks.parameters).toContainEqual(expect.objectContaining({ in: 'header', name: 'Notion-Version' }));
  expect(blocks.tool.inputSchema).toMatchObject({ required: expect.arrayContaining(['block_id']) as unknown });
});

test('YAML and 3.1: recursive references end, read-only members are left out, other servers are not called', () => {
  const { serverUrl, operations, leftOut } = compileDescription(read('test/fixtures/openapi/library.yaml'), null);
  expect(serverUrl).toBe('http://127.0.0.1:1/v1');
  expect(leftOut).toEqual([
    { operation: 'POST /uploads', reason: expect.stringContaining('uploads.example.com') as unknown },
  ]);
  const names = operations.map(({ tool }) => tool.name);
  expect(names).toContain('get_slow');
  const list = operations[names.indexOf('listBooks')]!;
  expect(list.parameters.map(({ argument }) => argument)).toEqual(['tag', 'filter', 'X-Trace', 'theme']);
  const { properties } = operations[names.indexOf('addBook')]!.tool.inputSchema as { properties: { body: object } };
  expect(properties.body).toEqual({
    type: 'object',
    required: ['title'],
    properties: {
      title: { type: 'string' },
      pages: { type: 'integer', minimum: 1 },
      sequels: { type: 'array', items: { description: 'Book, as the API documents it' } },
    },
  });
});

test('keywords that only 3.0 has become JSON Schema; names of arguments never collide', () => {
  const schema = { type: 'integer', minimum: 0, exclusiveMinimum: true, nullable: true, enum: [1, 2], example: 1 };
  const parameters = [
    { name: 'id', in: 'query', schema },
    { name: 'id', in: 'header' },
    { name: 'filter[a]', in: 'query' },
    { name: 'body', in: 'query' },
    { name: 'Cookie', in: 'header' },
  ];
  const content = { 'text/plain': {}, 'application/problem+json': { schema: { $ref: 'https://example.com/x.json' } } };
  const { tool, body, parameters: found } = describe({ parameters, requestBody: { content } });
  expect(found.map(({ argument }) => argument)).toEqual(['id', 'id_header', 'filter_a', 'body_query', 'id_path']);
  expect(body).toMatchObject({ kind: 'json', mediaType: 'application/problem+json' });
  expect(tool.inputSchema).toMatchObject({
    properties: {
      id: { type: ['integer', 'null'], exclusiveMinimum: 0, enum: [1, 2, null] },
      body: { description: 'x.json, as the API documents it' },
    },
    required: ['id_path'],
  });
});

test('a schema that is too long is cut by depth', () => {
  const level = (next: object) => ({
    type: 'object',
    properties: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, next])),
  });
  const schemas = {
    A: level({ $ref: '#/components/schemas/B' }),
    B: level({ $ref: '#/components/schemas/C' }),
    C: level({ type: 'string' }),
  };
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/A' } } };
  const { tool } = describe({ requestBody: { content } }, { components: { schemas } });
  const text = JSON.stringify(tool.inputSchema);
  expect(text.length).toBeLessThan(18_000);
  expect(text).toContain('"p39"');
});

test('names are stable: each depends on its own operation, and on whether another has the same', () => {
  const lower = { operationId: 'get', method: 'get', path: '/a' };
  const upper = { operationId: 'GET', method: 'get', path: '/b' };
  const long = { operationId: 'x'.repeat(90), method: 'get', path: '/c' };
  const [first, second, third] = nameTools([lower, upper, long]) as [string, string, string];
  expect(first).toMatch(/^get_[0-9a-f]{6}$/);
  expect(second).toMatch(/^GET_[0-9a-f]{6}$/);
  expect(third).toMatch(/^x{57}_[0-9a-f]{6}$/);
  expect(nameTools([long, upper, lower])).toEqual([third, second, first]);
  expect(nameTools([lower])).toEqual(['get']);
});

test.each([
  ['{"swagger":"2.0"}', 'Swagger 2.0'],
  ['{"openapi":"4.0.0","paths":{}}', 'not supported'],
  ['{"openapi":"3.0.0"}', 'no "paths"'],
  ['{"openapi":"3.0.0","paths":{}}', 'no operations'],
  ['{"openapi":', 'not JSON'],
  ['- a', 'single value or list'],
  ['a: [', 'neither JSON nor YAML'],
  [`a: &a [x]\nb: [${'*a, '.repeat(200)}]`, 'neither JSON nor YAML'],
])('%s is refused: %s', (text, message) => {
  expect(() => compileDescription(text, null)).toThrow(message);
});
