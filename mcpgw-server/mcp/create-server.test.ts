import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { NOTHING_FOUND } from '../../registry/health/probe/probe-options.ts';
import { call, prepareManagement } from '../../test/support/management/prepare-management.ts';
import { change, secrecy, tools, weather } from '../../test/support/management/recording-registry.ts';

const on = prepareManagement();

test('all tools are listed with schemas and annotations, without a call to the registry', async () => {
  const listed = (await (await on.connect()).listTools()).tools;
  expect(listed.map(({ name }) => name).sort()).toEqual([
    'explain_access',
    'get_server_details',
    'get_service_tools',
    'grant_call',
    'healthcheck',
    'kill_switch',
    'list_services',
    'manage_agents',
    'manage_groups',
    'manage_keys',
    'refresh_service',
    'register_service',
    'remove_service',
    'restore_service',
    'search_calls',
    'search_tools',
    'toggle_service',
    'update_service',
  ]);
  expect(JSON.stringify(listed).length).toBeLessThan(15 * 1024);
  expect(JSON.stringify(listed)).not.toMatch(/username|password|num_tools_|is_python/);
  for (const { name, outputSchema, annotations, description } of listed) {
    expect(outputSchema?.type, name).toBe('object');
    expect(annotations?.readOnlyHint, name).toBe(
      !/register|update|remove|restore|toggle|refresh|manage|grant|kill/.test(name),
    );
    expect(description, name).toMatch(/Requires the role/);
  }
  const byName = new Map(listed.map((tool) => [tool.name, tool]));
  expect(byName.get('remove_service')?.annotations).toMatchObject({ destructiveHint: true, idempotentHint: true });
  expect(byName.get('register_service')?.inputSchema.required).toEqual(['server_name', 'path', 'proxy_pass_url']);
  expect(byName.get('toggle_service')?.inputSchema.required).toEqual(['service_path', 'enabled']);
  expect(on.registry.seen).toEqual([]);
});

test('each tool sends the expected requests and returns text and structured content', async () => {
  const client = await on.connect({ 'x-api-key': 'mgw_bob' });
  const callWith = async (name: string, given: Record<string, unknown>, reply: unknown, status = 200) => {
    on.registry.answer = () => ({ status, body: reply });
    on.registry.seen = [];
    const result = await call(client, name, given);
    expect(result.isError, JSON.stringify(result.content)).toBeUndefined();
    expect(on.registry.seen.every(({ authorization }) => authorization === 'Bearer mgw_bob')).toBe(true);
    return { result, requests: on.registry.seen.map(({ method, url, body }) => `${method} ${url} ${body}`.trim()) };
  };

  const toggled = await callWith(
    'toggle_service',
    { service_path: 'team/weather', enabled: false },
    { ...change, enabled: false },
  );
  expect(toggled.requests).toEqual(['PATCH /api/servers/team%2Fweather {"enabled":false}']);
  const updated = await callWith(
    'update_service',
    { service_path: '/team/weather', description: 'new', headers: { A: null } },
    change,
  );
  expect(updated.requests).toEqual(['PATCH /api/servers/team%2Fweather {"description":"new","headers":{"A":null}}']);
  const moved = await callWith(
    'update_service',
    { service_path: '/team/weather', proxy_pass_url: 'http://other:1' },
    { ...change, droppedHeaders: ['Authorization'] },
  );
  expect(moved.result.structuredContent).toMatchObject({ dropped_headers: ['Authorization'] });
  expect(moved.result.content[0]?.text).toContain(
    'Stored headers deleted, since the URL has a new origin: Authorization',
  );
  const removed = await callWith('remove_service', { service_path: '/team/weather' }, change);
  expect(removed.requests).toEqual(['DELETE /api/servers/team%2Fweather']);
  const details = await callWith('get_server_details', { service_path: '/team/weather' }, weather);
  expect(details.requests).toEqual(['GET /api/servers/team%2Fweather']);
  expect(details.result.structuredContent).toMatchObject({ servers: [{ metadata: { owner: 'meteo' } }] });
  const all = await callWith(
    'get_server_details',
    { service_path: '/all', limit: 7 },
    { items: [weather], nextCursor: 'c' },
  );
  expect(all.requests).toEqual(['GET /api/servers?limit=7']);
  expect(all.result.structuredContent).toMatchObject({ next_cursor: 'c' });
  const listed = await callWith(
    'list_services',
    { status: 'healthy', tag: 'demo', query: 'rain & sun', cursor: 'c' },
    { items: [weather] },
  );
  expect(listed.requests).toEqual(['GET /api/servers?status=healthy&tag=demo&q=rain+%26+sun&limit=50&cursor=c']);
  const hit = {
    server: 'team/weather',
    tool: tools[0],
    score: 0,
    findings: [secrecy],
    approval: 'changed',
    callable: false,
  };
  const own = await callWith(
    'get_service_tools',
    { service_path: 'team/weather', with_schemas: true },
    { items: [hit], nextCursor: 'c', malformed: [{ name: 'odd', problem: 'name: why', instances: ['http://x'] }] },
  );
  expect(own.requests).toEqual([
    'GET /api/tools?limit=20&server=team%2Fweather',
    'GET /api/servers/team%2Fweather/tools',
  ]);
  const warnings = ['danger in description: it asks for secrecy'];
  expect(own.result.structuredContent).toEqual({
    tools: [{ service_path: '/team/weather', ...tools[0], callable: false, approval: 'changed', warnings }],
    malformed: [{ name: 'odd', problem: 'name: why' }],
    next_cursor: 'c',
  });
  expect(own.result.content[0]?.text).toContain('blocked until approved');
  expect(own.result.content[0]?.text).toContain('Invalid tool omitted: odd (name: why)');
  expect(own.result.content[0]?.text).toContain('call again with cursor "c"');
  const next = await callWith('get_service_tools', { service_path: '/all', limit: 3, cursor: 'c' }, { items: [hit] });
  expect(next.requests).toEqual(['GET /api/tools?limit=3&cursor=c']);
  expect(next.result.structuredContent).toMatchObject({ tools: [{ name: 'forecast' }] });
  expect(JSON.stringify(next.result)).not.toContain('inputSchema');
  const restored = await callWith('restore_service', { service_path: '/team/weather' }, change);
  expect(restored.requests).toEqual(['POST /api/servers/team%2Fweather/restore']);
  const health = await callWith(
    'healthcheck',
    {},
    {
      status: 'degraded',
      error: 'no generation',
      servers: { weather: { status: 'unhealthy', running: false, tools_cached: 2, last_checked_iso: null } },
    },
    503,
  );
  expect(health.requests).toEqual(['GET /health']);
  expect(health.result.structuredContent).toMatchObject({ gateway: 'degraded', counts: { unhealthy: 1 } });
  const refreshed = await callWith(
    'refresh_service',
    { service_path: '/weather', username: 'x', password: 'y' },
    {
      ...NOTHING_FOUND,
      health: 'unhealthy',
      problem: 'the connection was refused',
      remedy: 'start the server',
    },
  );
  expect(refreshed.requests).toEqual(['POST /api/servers/weather/refresh']);
  expect(refreshed.result.content[0]?.text).toContain(
    'Problem: the connection was refused. What to do: start the server.',
  );
});

test('agents, keys, groups, calls and kill switches: each action is the request that it says', async () => {
  const client = await on.connect();
  const requestsOf = async (name: string, given: Record<string, unknown>, reply: unknown = {}) => {
    on.registry.answer = () => ({ status: 200, body: reply });
    on.registry.seen = [];
    const result = await call(client, name, given);
    expect(result.isError, JSON.stringify(result.content)).toBeUndefined();
    return on.registry.seen.map(({ method, url, body }) => `${method} ${url} ${body}`.trim());
  };
  const page = { items: [{ name: 'bob' }], nextCursor: 'c' };
  expect(await requestsOf('manage_agents', { action: 'list', limit: 2 }, page)).toEqual(['GET /api/agents?limit=2']);
  const grants = [{ server: 'a', tools: ['x'] }];
  expect(await requestsOf('manage_agents', { action: 'create', agent: 'bob', grants, expires_at: null })).toEqual([
    'POST /api/agents {"name":"bob","expiresAt":null,"grants":[{"server":"a","tools":["x"]}]}',
  ]);
  expect(await requestsOf('manage_agents', { action: 'update', agent: 'bob', grants, groups: ['g'] })).toEqual([
    'PUT /api/agents/bob/grants [{"server":"a","tools":["x"]}]',
    'PATCH /api/agents/bob {"groups":["g"]}',
  ]);
  expect(await requestsOf('manage_agents', { action: 'remove', agent: 'a/b' })).toEqual(['DELETE /api/agents/a%2Fb']);
  expect(
    await requestsOf('manage_keys', { action: 'create', agent: 'bob', servers: ['a'] }, { id: 'k', key: 'mgw_x' }),
  ).toEqual(['POST /api/agents/bob/keys {"servers":["a"]}']);
  const rotate = { action: 'rotate', agent: 'bob', key_id: 'k', overlap_hours: 0 };
  expect(await requestsOf('manage_keys', rotate, { id: 'n', key: 'mgw_y' })).toEqual([
    'POST /api/agents/bob/keys/k/rotate {"overlapHours":0}',
  ]);
  expect(await requestsOf('manage_groups', { action: 'update', group: 'g', grants: [], description: 'd' })).toEqual([
    'PUT /api/groups/g/grants []',
    'PATCH /api/groups/g {"description":"d"}',
    'GET /api/groups/g',
  ]);
  const explained = {
    allowed: false,
    reason: 'killed',
    detail: 'd',
    rule: null,
    refusals: [],
    notInForce: [],
    isListed: null,
  };
  expect(await requestsOf('explain_access', { agent: 'bob', service_path: '/a', tool: 't' }, explained)).toEqual([
    'GET /api/access/explain?agent=bob&tool=t&server=a',
  ]);
  expect(await requestsOf('search_calls', { agent: 'bob', service_path: '/a', status: 'failed' }, page)).toEqual([
    'GET /api/calls?agent=bob&status=failed&limit=50&server=a',
  ]);
  const proposal = { agent: 'bob', server: 'a', grant: null, detail: 'd' };
  expect(await requestsOf('grant_call', { request_id: 'r', apply: true }, proposal)).toEqual([
    'GET /api/calls/r/grant',
    'POST /api/calls/r/grant',
  ]);
  expect(await requestsOf('kill_switch', { action: 'set', scope: 'all', reason: 'why' })).toEqual([
    'POST /api/kill {"scope":"all","reason":"why"}',
  ]);
  on.registry.seen = [];
  for (const [name, given, missing] of [
    ['manage_agents', { action: 'update', agent: 'bob' }, 'no field to update'],
    ['manage_keys', { action: 'revoke', agent: 'bob' }, 'key_id is missing'],
    ['kill_switch', { action: 'set', scope: 'all' }, 'reason is missing'],
  ] as const) {
    const { isError, content } = await call(client, name, given);
    expect(isError).toBe(true);
    expect(content[0]?.text.toLowerCase()).toContain(missing);
  }
  expect(on.registry.seen).toEqual([]);
});

test('all schemas compile in strict mode without a warning, as the Inspector compiles them', async () => {
  const warnings: string[] = [];
  const logger = {
    log: () => undefined,
    warn: (text: string) => warnings.push(text),
    error: (text: string) => warnings.push(text),
  };
  for (const { inputSchema, outputSchema } of (await (await on.connect()).listTools()).tools)
    for (const schema of [inputSchema, outputSchema]) new Ajv({ strict: true, logger }).compile(schema ?? {});
  expect(warnings).toEqual([]);
});

test('unknown, missing and invalid arguments are refused by name, with those that there are; nothing is requested', async () => {
  const client = await on.connect();
  const refuse = async (name: string, given: Record<string, unknown>) => {
    const { isError, content } = await call(client, name, given);
    expect(isError).toBe(true);
    return content[0]?.text ?? '';
  };
  expect(await refuse('toggle_service', { service_path: '/a', enable: true, enabled: true })).toBe(
    'Unknown argument "enable" of toggle_service. What to do: toggle_service takes service_path (required), enabled (required).',
  );
  expect(await refuse('toggle_service', { enabled: 'yes' })).toMatch(
    /^Invalid arguments of toggle_service: service_path: .*; enabled: .* takes service_path/,
  );
  expect(await refuse('search_tools', { query: 'x', limit: 1_000 })).toMatch(
    /^Invalid arguments of search_tools: limit: .*100/,
  );
  expect(on.registry.seen).toEqual([]);
  on.registry.answer = () => ({ status: 200, body: { ...change, enabled: false } });
  const old = { service_path: '/a', enabled: false, username: 'x', password: 'y' };
  expect((await call(client, 'toggle_service', old)).isError).toBeUndefined();
});

test('errors name arguments and tools, not fields and calls of the REST API', async () => {
  on.registry.answer = () => ({
    status: 409,
    body: {
      type: 'x',
      title: 'Conflict with the current state',
      status: 409,
      detail: 'path: "a" belongs to "A"; instances.0.url: refused',
      errors: [{ field: 'stars', message: 'too many' }],
      hint: 'Change that server (PATCH /api/servers/a), or remove it first.',
      code: 'conflict',
    },
  });
  const client = await on.connect();
  const text = async (name: string, given: Record<string, unknown>) =>
    (await call(client, name, given)).content[0]?.text;
  expect(await text('register_service', { server_name: 'A', path: 'a', proxy_pass_url: 'http://x' })).toBe(
    'Conflict with the current state: path: "a" belongs to "A"; proxy_pass_url: refused; num_stars: too many. What to do: Change that server (update_service), or remove it first.',
  );
  expect(await text('remove_service', { service_path: 'a' })).toContain('service_path: "a" belongs');
});

test('what cannot be seen, or what a terminal would obey, is written out in every text', async () => {
  const description = 'Adds\u202e two\u200b\u001b[31m numbers\u0007';
  const hit = {
    server: 'a',
    tool: { name: 'add', description, inputSchema: {} },
    score: 1,
    findings: [],
    approval: 'unlocked',
    callable: true,
  };
  on.registry.answer = ({ url }) =>
    url.startsWith('/api/tools')
      ? { status: 200, body: { items: [hit] } }
      : { status: 200, body: { ...weather, error: description } };
  const client = await on.connect();
  for (const [name, given] of [
    ['search_tools', { query: 'x', with_schemas: true }],
    ['get_server_details', { service_path: 'a' }],
  ] as const) {
    const shown = JSON.stringify(await call(client, name, given));
    expect(shown).not.toMatch(/\u202e|\u200b|\\u001b|\\u0007/);
    expect(shown).toContain('\\\\u{1b}[31m');
  }
  on.registry.answer = () => ({
    status: 500,
    body: { type: 'x', title: description, status: 500, detail: description },
  });
  expect((await call(client, 'refresh_service', { service_path: 'a' })).content[0]?.text).toContain('\\u{202e}');
});
