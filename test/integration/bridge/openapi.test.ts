import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COVER, LIBRARY, startLibraryApi, TOKEN } from '../../support/bridge/library-api.ts';
import type { Api } from '../../support/bridge/start-api.ts';
import { connectClient } from '../../support/gateway/call-tool.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';

let gateway: Gateway;
let library: Api;
let key: string;

beforeAll(async () => {
  [gateway, library] = await Promise.all([startGateway(), startLibraryApi()]);
  await gateway.register({
    path: 'library',
    openapi: { url: `${library.url}/openapi.yaml` },
    url: `${library.url}/v1?edition=secret-edition`,
    headers: { Authorization: `Bearer ${TOKEN}` },
    timeouts: { readMs: 1_500 },
  });
  ({ key } = await gateway.createAgent(['library', 'gateway']));
});
afterAll(async () => {
  await gateway.close();
  await library.close();
});

const at = (path: string) => new URL(`${gateway.url}/${path}`);
async function connect(path = 'library') {
  const client = new Client({ name: 'old', version: '1' });
  const requestInit = { headers: { Authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(at(`${path}/mcp`), { requestInit }));
  return client;
}
interface Result {
  isError?: boolean;
  content: { type: string; text?: string; data?: string; mimeType?: string }[];
}
const call = async (client: Client, name: string, given: object = {}) =>
  (await client.callTool({ name, arguments: given as Record<string, unknown> })) as Result;
const textOf = ({ content }: Result) => content[0]?.text ?? '';

test('a description becomes a healthy server with tools, and its credentials are never returned', async () => {
  const server = await gateway.admin.must('GET', '/api/servers/library');
  expect(server).toMatchObject({
    transport: 'openapi',
    health: 'healthy',
    configuration: 'live',
    error: null,
    toolCount: 8,
  });
  expect(server['openapi']).toMatchObject({ title: 'Library', version: '2', operations: 8, serverFromDocument: false });
  expect(server['openapi']).toMatchObject({ leftOut: [{ operation: 'POST /uploads' }] });
  const audit = await gateway.admin.must('GET', '/api/audit');
  expect(JSON.stringify([server, audit])).not.toMatch(/library-token|secret-edition/);
});

test('parameters, bodies, files and errors are mapped', async () => {
  const client = await connect();
  const kinds = new Map((await client.listTools()).tools.map(({ name, annotations }) => [name, annotations]));
  expect(kinds.get('listBooks')).toMatchObject({ readOnlyHint: true });
  expect(kinds.get('removeBook')).toMatchObject({ destructiveHint: true });
  expect(kinds.get('replaceBook')).toMatchObject({ idempotentHint: true });

  const listed = JSON.parse(
    textOf(
      await call(client, 'listBooks', { tag: ['a b', 'c&d'], filter: { year: 1999 }, theme: 'dark', 'X-Trace': 't1' }),
    ),
  ) as { url: string };
  expect(listed.url).toBe('/v1/books?tag=a%20b&tag=c%26d&filter%5Byear%5D=1999&edition=(secret)');
  expect(library.seen.at(-1)).toMatchObject({ headers: { 'x-trace': 't1', cookie: 'theme=dark' } });
  const added = JSON.parse(textOf(await call(client, 'addBook', { body: { title: 'Ää' } }))) as { body: string };
  expect(Buffer.from(added.body, 'latin1').toString()).toBe('{"title":"Ää"}');
  expect(textOf(await call(client, 'replaceBook', { id: 'x/y', body: { title: 'A & B', pages: 3 } }))).toContain(
    '"url":"/v1/books/x%2Fy?edition=(secret)","body":"title=A+%26+B&pages=3"',
  );
  const upload = await call(client, 'setCover', {
    id: '1',
    body: { title: 'T', image: { data: 'aGk=', filename: 'hi.png' } },
  });
  expect(textOf(upload)).toContain('filename=\\"hi.png\\"');
  expect(textOf(await call(client, 'removeBook', { id: '1' }))).toBe('HTTP 204 No Content');
  const { content } = await call(client, 'getCover', { id: '1' });
  expect(content).toEqual([{ type: 'image', mimeType: 'image/png', data: COVER.toString('base64') }]);

  const missing = await call(client, 'getBook', { id: 'missing' });
  expect(missing.isError).toBe(true);
  expect(textOf(missing)).toMatch(/^HTTP 404 Not Found\n.*no such book.*\(secret\)/);
  expect(textOf(await call(client, 'getBook', { id: '..' }))).toContain('cannot be used in a path');
  expect(textOf(await call(client, 'getBook'))).toBe('getBook: missing: id');
  expect(textOf(await call(client, 'get_slow'))).toContain('did not answer within');
  await client.close();
});

test('a cookie is a credential of OpenAPI servers alone, and is masked in a response that contains it', async () => {
  const headers = { Authorization: `Bearer ${TOKEN}`, Cookie: 'session=cookie-secret-1; lang=de' };
  const openapi = { document: LIBRARY };
  await gateway.register({ path: 'cookies', openapi, url: `${library.url}/v1/cookie-secret-1`, headers });
  const agent = await gateway.createAgent(['cookies']);
  const client = await connectClient(at('cookies/mcp').href, agent.key);
  const listed = await call(client, 'listBooks', { theme: 'dark' });
  expect(library.seen.at(-1)?.headers.cookie).toBe('theme=dark; session=cookie-secret-1; lang=de');
  expect(textOf(listed)).toContain('/v1/(secret)/books');
  await client.close();
  const shown = await gateway.admin.must('GET', '/api/servers/cookies');
  expect(shown['headers']).toEqual(['Authorization', 'Cookie']);
  await gateway.register({ path: 'plain', url: library.url });
  for (const refused of [
    await gateway.admin.ask('POST', '/api/servers', { path: 'other', url: library.url, headers: { Cookie: 'a=b' } }),
    await gateway.admin.ask('PATCH', '/api/servers/plain', { headers: { cookie: 'a=b' } }),
  ])
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([
      422,
      expect.stringContaining('only be a credential of a REST API'),
    ]);
});

test('clients without sessions are served through the same gate', async () => {
  const client = new ModernClient({ name: 'new', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  const requestInit = { headers: { Authorization: `Bearer ${key}` } };
  await client.connect(new ModernTransport(at('library/mcp'), { requestInit }));
  expect(client.getProtocolEra()).toBe('modern');
  expect(JSON.stringify(await client.callTool({ name: 'getBook', arguments: { id: '7' } }))).toContain('/v1/books/7');
  await client.close();
  const other = await gateway.createAgent([]);
  const refused = await fetch(at('library/mcp'), { method: 'POST', headers: { Authorization: `Bearer ${other.key}` } });
  expect(refused.status).toBe(403);
});

test("the gateway's own API can be registered by its description; another description changes the tools", async () => {
  const document = JSON.stringify(await gateway.admin.must('GET', '/openapi.json'));
  const refused = await gateway.admin.ask('POST', '/api/servers', {
    path: 'gateway',
    openapi: { document },
    url: gateway.url,
  });
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toContain('UPSTREAM_ALLOW');
  await gateway.register({
    path: 'gateway',
    openapi: { document },
    url: `${library.url}/v1`,
    headers: { Authorization: `Bearer ${TOKEN}` },
  });
  const own = await connect('gateway');
  const { tools } = await own.listTools();
  expect(tools.length).toBeGreaterThan(50);
  const list = tools.find(({ name }) => name === 'getApiServers')!;
  expect(textOf(await call(own, list.name, { q: 'weather' }))).toContain('/v1/api/servers?q=weather');
  await own.close();
  const patched = await gateway.admin.must('PATCH', '/api/servers/library', {
    openapi: { document: LIBRARY.replaceAll('getBook', 'readBook') },
  });
  expect(patched['openapi']).toMatchObject({ url: null });
  const client = await connect();
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('readBook');
  expect(textOf(await call(client, 'readBook', { id: '1' }))).toContain('edition=(secret)');
  await client.close();
});

test('an invalid description, or one at an address that no backend may have, is refused with a reason', async () => {
  const ask = async (openapi: object) =>
    JSON.stringify((await gateway.admin.ask('POST', '/api/servers', { path: 'no', openapi })).body);
  expect(await ask({ document: '{"swagger":"2.0"}' })).toContain('Swagger 2.0');
  expect(await ask({ document: 'openapi: 3.0.0\npaths: {}' })).toContain('no operations');
  expect(await ask({ url: 'http://169.254.169.254/openapi.json' })).toContain('cloud metadata');
  expect(await ask({ document: '{"openapi":"3.0.0","paths":{"/a":{"get":{}}}}' })).toContain('names no absolute URL');
});
