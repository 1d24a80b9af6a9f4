import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { change, recordRegistry, tools, weather, type RecordingRegistry } from '../test/support/recording-registry.ts';
import { serveHttp } from './serve-http.ts';

let registry: RecordingRegistry;
let management: Awaited<ReturnType<typeof serveHttp>>;
const faults: unknown[] = [];
const closers: (() => Promise<void>)[] = [];

beforeEach(async () => {
  faults.length = 0;
  registry = await recordRegistry();
  management = await serveHttp({
    port: 0,
    registryUrl: registry.url,
    allowedOriginHosts: ['gateway.example.com'],
    report: (fault) => faults.push(fault),
  });
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await management.close();
  await registry.close();
});

async function connect(headers: Record<string, string> = { authorization: 'Bearer mgw_ada' }): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(management.url), { requestInit: { headers } }));
  closers.push(() => client.close());
  return client;
}
interface Result {
  isError?: boolean;
  structuredContent?: Record<string, unknown>;
  content: { type: string; text: string }[];
}
async function call(client: Client, name: string, given: Record<string, unknown> = {}): Promise<Result> {
  return (await client.callTool({ name, arguments: given })) as unknown as Result;
}

test('all tools are listed with schemas and annotations, and need no call to the registry', async () => {
  const listed = (await (await connect()).listTools()).tools;
  expect(listed.map(({ name }) => name).sort()).toEqual([
    'get_server_details',
    'get_service_tools',
    'healthcheck',
    'list_services',
    'refresh_service',
    'register_service',
    'remove_service',
    'search_tools',
    'toggle_service',
    'update_service',
  ]);
  for (const { name, outputSchema, annotations, description } of listed) {
    expect(outputSchema?.type, name).toBe('object');
    expect(annotations?.readOnlyHint, name).toBe(!/register|update|remove|toggle|refresh/.test(name));
    expect(description, name).toMatch(/key that this connection was made with/);
  }
  const byName = new Map(listed.map((tool) => [tool.name, tool]));
  expect(byName.get('remove_service')?.annotations).toMatchObject({ destructiveHint: true, idempotentHint: true });
  expect(byName.get('register_service')?.inputSchema.required).toEqual(['server_name', 'path', 'proxy_pass_url']);
  expect(byName.get('toggle_service')?.inputSchema.required).toEqual(['service_path', 'enabled']);
  expect(registry.seen).toEqual([]);
});

test('register_service takes what older callers send, and passes on neither name nor password', async () => {
  registry.answer = () => ({ status: 201, body: change });
  const result = await call(await connect(), 'register_service', {
    server_name: 'Weather',
    path: '/team/weather/',
    proxy_pass_url: 'http://weather:8000',
    description: 'Forecasts',
    tags: 'demo, forecast,',
    num_tools: 3,
    num_stars: 12,
    is_python: true,
    license: 'N/A',
    username: 'admin',
    password: 'hunter2-hunter2',
  });
  expect(result.isError).toBeUndefined();
  expect(result.structuredContent).toMatchObject({
    service_path: '/team/weather',
    applied: true,
    generation: 7,
    status: 'healthy',
  });
  expect(result.content[0]?.text).toContain('http://localhost:8080/team/weather/mcp');
  expect(registry.seen).toHaveLength(1);
  expect(registry.seen[0]).toMatchObject({ method: 'POST', url: '/api/servers', authorization: 'Bearer mgw_ada' });
  expect(JSON.parse(registry.seen[0]?.body ?? '')).toEqual({
    path: 'team/weather',
    name: 'Weather',
    url: 'http://weather:8000',
    description: 'Forecasts',
    tags: ['demo', 'forecast'],
    transport: 'auto',
    enabled: true,
    stars: 12,
  });
  expect(JSON.stringify([result, registry.seen, faults])).not.toContain('hunter2');
});

test('the other tools ask what their names say', async () => {
  const client = await connect({ 'x-api-key': 'mgw_bob' });
  const ask = async (name: string, given: Record<string, unknown>, reply: unknown, status = 200) => {
    registry.answer = () => ({ status, body: reply });
    registry.seen = [];
    const result = await call(client, name, given);
    expect(result.isError, JSON.stringify(result.content)).toBeUndefined();
    expect(registry.seen.every(({ authorization }) => authorization === 'Bearer mgw_bob')).toBe(true);
    return { result, asked: registry.seen.map(({ method, url, body }) => `${method} ${url} ${body}`.trim()) };
  };

  const toggled = await ask(
    'toggle_service',
    { service_path: 'team/weather', enabled: false },
    { ...change, enabled: false },
  );
  expect(toggled.asked).toEqual(['PATCH /api/servers/team%2Fweather {"enabled":false}']);
  const updated = await ask(
    'update_service',
    { service_path: '/team/weather', description: 'new', headers: { A: null } },
    change,
  );
  expect(updated.asked).toEqual(['PATCH /api/servers/team%2Fweather {"description":"new","headers":{"A":null}}']);
  const removed = await ask('remove_service', { service_path: '/team/weather' }, change);
  expect(removed.asked).toEqual(['DELETE /api/servers/team%2Fweather']);
  const details = await ask('get_server_details', { service_path: '/team/weather' }, weather);
  expect(details.asked).toEqual(['GET /api/servers/team%2Fweather']);
  expect(details.result.structuredContent).toMatchObject({ servers: [{ metadata: { owner: 'meteo' } }] });
  const all = await ask(
    'get_server_details',
    { service_path: '/all', limit: 7 },
    { items: [weather], nextCursor: 'c' },
  );
  expect(all.asked).toEqual(['GET /api/servers?limit=7']);
  expect(all.result.structuredContent).toMatchObject({ next_cursor: 'c' });
  const listed = await ask(
    'list_services',
    { status: 'healthy', tag: 'demo', query: 'rain & sun', cursor: 'c' },
    { items: [weather] },
  );
  expect(listed.asked).toEqual(['GET /api/servers?status=healthy&tag=demo&q=rain+%26+sun&limit=50&cursor=c']);
  const judged = {
    ...tools[0],
    hash: 'h',
    docs: { summary: '', arguments: [], returns: null, errors: [] },
    findings: [
      {
        rule: 'secrecy',
        severity: 'danger',
        field: 'description',
        start: 0,
        end: 4,
        text: 'Says',
        message: 'it asks for secrecy',
      },
    ],
    approval: 'changed',
    approved: null,
    callable: false,
  };
  const ofOne = { server: 'team/weather', snapshot: 's', takenAt: null, pin: null, tools: [judged] };
  const own = await ask('get_service_tools', { service_path: 'team/weather' }, ofOne);
  expect(own.asked).toEqual(['GET /api/servers/team%2Fweather/tools']);
  const warnings = ['danger in description: it asks for secrecy'];
  expect(own.result.structuredContent).toEqual({
    tools: [{ service_path: '/team/weather', ...tools[0], callable: false, warnings }],
  });
  expect(own.result.content[0]?.text).toContain('refused until approved');
  expect(JSON.parse(own.result.content[1]?.text ?? '')).toEqual(own.result.structuredContent);
  const health = await ask(
    'healthcheck',
    {},
    {
      status: 'degraded',
      error: 'no generation',
      servers: { weather: { status: 'unhealthy', running: false, tools_cached: 2, last_checked_iso: null } },
    },
    503,
  );
  expect(health.asked).toEqual(['GET /health']);
  expect(health.result.structuredContent).toMatchObject({ gateway: 'degraded', counts: { unhealthy: 1 } });
  const refreshed = await ask(
    'refresh_service',
    { service_path: '/weather', username: 'x', password: 'y' },
    {
      observed: 'unhealthy',
      transport: null,
      endpoints: null,
      era: null,
      protocolVersion: null,
      serverInfo: null,
      capabilities: [],
      tools: [],
      latencyMs: null,
      problem: 'the connection was refused',
      remedy: 'start the server',
    },
  );
  expect(refreshed.asked).toEqual(['POST /api/servers/weather/refresh']);
  expect(refreshed.result.content[0]?.text).toContain(
    'Problem: the connection was refused. What to do: start the server.',
  );
});

test('search_tools gives the input schema and where to call the tool', async () => {
  registry.answer = ({ url }) =>
    url.startsWith('/api/tools')
      ? {
          status: 200,
          body: {
            items: [
              { server: 'team/weather', tool: tools[0], score: 2 },
              { server: 'gone', tool: tools[0], score: 1 },
            ],
          },
        }
      : url.endsWith('gone')
        ? { status: 404, body: { type: 'x', title: 'Not found', status: 404, detail: 'gone' } }
        : { status: 200, body: weather };
  const { structuredContent } = await call(await connect(), 'search_tools', { query: 'weather' });
  expect(structuredContent).toMatchObject({
    hits: [
      {
        service_path: '/team/weather',
        gateway_url: weather.gatewayUrl,
        status: 'healthy',
        tool: { inputSchema: tools[0]?.inputSchema },
      },
      { service_path: '/gone', gateway_url: null },
    ],
  });
});

test('the tools of every server are shown though one was removed while they were read', async () => {
  const gone = {
    type: 'x',
    title: 'Not found',
    status: 404,
    detail: 'there is no server at "gone"',
    code: 'not_found',
  };
  const ofOne = { server: 'team/weather', snapshot: null, takenAt: null, pin: null, tools: [] };
  let status = 404;
  registry.answer = ({ url }) => {
    if (url.startsWith('/api/servers?'))
      return { status: 200, body: { items: [{ ...weather, path: 'gone' }, weather] } };
    return url.includes('gone') ? { status, body: { ...gone, status } } : { status: 200, body: ofOne };
  };
  const client = await connect();
  expect((await call(client, 'get_service_tools', { service_path: '/all' })).structuredContent).toEqual({ tools: [] });
  expect(registry.seen.map(({ url }) => url)).toContain('/api/servers/team%2Fweather/tools');
  gone.code = 'unavailable';
  status = 503;
  expect(await call(client, 'get_service_tools', { service_path: '/all' })).toMatchObject({ isError: true });
});

test('healthcheck tells a key without a role so, and why the registry could not answer', async () => {
  const client = await connect();
  registry.answer = () => ({ status: 200, body: { status: 'healthy' } });
  const roleless = await call(client, 'healthcheck');
  expect(roleless.isError).toBe(true);
  expect(roleless.content[0]?.text).toMatch(/^Your key has no role.* What to do: .*viewer/);
  const locked = {
    type: 'x',
    title: 'Not possible at the moment',
    detail: 'the database is locked',
    hint: 'Try again.',
  };
  registry.answer = () => ({ status: 503, body: { ...locked, status: 503 } });
  expect((await call(client, 'healthcheck')).content[0]?.text).toBe(
    'Not possible at the moment: the database is locked. What to do: Try again.',
  );
});

test('a failure is a result with cause and remedy from the problem document', async () => {
  const client = await connect();
  const fail = async (status: number, problem: object) => {
    registry.answer = () => ({ status, body: { type: 'about:blank', title: 'Not allowed', status, ...problem } });
    const result = await call(client, 'toggle_service', { service_path: 'weather', enabled: true });
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toBeUndefined();
    return result.content[0]?.text;
  };
  expect(await fail(403, { detail: 'this needs the role operator; yours is viewer', hint: 'Ask an admin.' })).toBe(
    'Not allowed: this needs the role operator; yours is viewer. What to do: Ask an admin.',
  );
  expect(await fail(403, { detail: 'no' })).toContain('another role');
  expect(
    await fail(422, { detail: 'the body is not right', errors: [{ field: 'path', message: 'it is reserved' }] }),
  ).toContain('path: it is reserved');
  registry.answer = () => ({ status: 200, body: { something: 'else' } });
  const odd = await call(client, 'toggle_service', { service_path: 'weather', enabled: true });
  expect(odd).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('same version') as string }] });
  registry.answer = () => ({ status: 502, body: 'nonsense' });
  expect((await call(client, 'healthcheck')).content[0]?.text).toContain('502');
  const empty = await call(client, 'update_service', { service_path: 'weather' });
  expect(empty.content[0]?.text).toContain('Nothing to change');
  await registry.close();
  const down = await call(client, 'list_services');
  expect(down).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('ECONNREFUSED') as string }] });
});

test('without a key nothing is asked of the registry, whatever user name and password come along', async () => {
  const result = await call(await connect({}), 'refresh_service', {
    service_path: 'x',
    username: 'admin',
    password: 'p',
  });
  expect(result.isError).toBe(true);
  expect(result.content[0]?.text).toContain('Authorization: Bearer');
  expect(registry.seen).toEqual([]);
});

test('interleaved callers never act with the rights of each other', async () => {
  const waiting: (() => void)[] = [];
  // Answers come in reverse order and say whose key was used.
  registry.answer = async ({ authorization }) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return { status: 200, body: { items: [{ ...weather, name: authorization }] } };
  };
  const names = Array.from({ length: 10 }, (_, n) => `caller${n}`);
  const clients = await Promise.all(names.map((name) => connect({ authorization: `Bearer mgw_${name}` })));
  const results = names.flatMap((name, n) =>
    [1, 2, 3].map(async () => {
      const { structuredContent } = await call(clients[n]!, 'list_services');
      return [name, (structuredContent as { services: { name: string }[] }).services[0]?.name];
    }),
  );
  while (waiting.length < 30) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const release of waiting.reverse()) release();
  for (const [name, used] of await Promise.all(results)) expect(used).toBe(`Bearer mgw_${name}`);
});

test('modern clients are served at the same address', async () => {
  registry.answer = () => ({ status: 200, body: { items: [weather] } });
  const client = new ModernClient({ name: 'modern', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  closers.push(() => client.close());
  const headers = { authorization: 'Bearer mgw_eve' };
  await client.connect(new ModernTransport(new URL(management.url), { requestInit: { headers } }));
  expect(client.getProtocolEra()).toBe('modern');
  const result = await client.callTool({ name: 'list_services', arguments: {} });
  expect(result.structuredContent).toMatchObject({ services: [{ service_path: '/team/weather' }] });
  expect(registry.seen[0]?.authorization).toBe('Bearer mgw_eve');
});

test('requests for another host or from a strange page are refused, and other addresses are JSON 404', async () => {
  const { host } = new URL(management.url);
  const ask = async (headers: Record<string, string>, path = '/mcp') => {
    const [name, port] = host.split(':');
    const sent = requestHttp({ host: name, port, path, method: 'POST', headers: { host, ...headers } }).end('{}');
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  expect(await ask({ host: 'evil.example.com' })).toBe(403);
  expect(await ask({ origin: 'https://evil.example.com' })).toBe(403);
  expect(await ask({ origin: 'https://gateway.example.com' })).not.toBe(403);
  expect(await ask({}, '/other')).toBe(404);
  expect(await ask({}, '/healthz')).toBe(200);
});
