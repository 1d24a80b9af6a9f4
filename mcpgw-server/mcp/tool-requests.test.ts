import { expect, test } from 'vitest';
import { NOTHING_FOUND } from '../../registry/health/probe/probe-options.ts';
import { call, prepareManagement } from '../../test/support/management/prepare-management.ts';
import { change, secrecy, tools, weather } from '../../test/support/management/recording-registry.ts';

const on = prepareManagement();

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

test('agents, keys, groups, calls and kill switches: each action sends the expected request', async () => {
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
  expect(await requestsOf('manage_agents', { action: 'update', agent: 'bob', tool_list: 'meta' })).toEqual([
    'PATCH /api/agents/bob {"toolList":"meta"}',
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
  const rules = [{ tool: 'x', callsPerDay: 1 }];
  for (const [given, sent] of [
    [{ action: 'get', scope: 'server', target: '/team/a' }, 'GET /api/servers/team%2Fa/limits'],
    [{ action: 'use', scope: 'agent', target: 'bob' }, 'GET /api/agents/bob/limits/use'],
    [
      { action: 'set', scope: 'group', target: 'g', rules, zone: 'UTC' },
      `PUT /api/groups/g/limits {"rules":${JSON.stringify(rules)},"zone":"UTC"}`,
    ],
  ] as const)
    expect(await requestsOf('manage_limits', given)).toEqual([sent]);
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
  const slow = { verdict: 'limited', tool_error: false, min_ms: 250, trace: 'ab', from: '2026-01-01T00:00:00Z' };
  expect(await requestsOf('search_calls', slow, page)).toEqual([
    'GET /api/calls?verdict=limited&trace=ab&from=2026-01-01T00%3A00%3A00Z&limit=50&toolError=false&minMs=250',
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
    ['manage_limits', { action: 'set', scope: 'agent', target: 'bob' }, 'rules is missing'],
    ['kill_switch', { action: 'set', scope: 'all' }, 'reason is missing'],
  ] as const) {
    const { isError, content } = await call(client, name, given);
    expect(isError).toBe(true);
    expect(content[0]?.text.toLowerCase()).toContain(missing);
  }
  expect(on.registry.seen).toEqual([]);
});
