import { expect, test } from 'vitest';
import { NOTHING_FOUND } from '../../registry/health/probe/probe-options.ts';
import { call, prepareManagement } from '../../test/support/management/prepare-management.ts';
import { change, secrecy, tools, weather } from '../../test/support/management/recording-registry.ts';

const on = prepareManagement();

test('all tools are listed with schemas and annotations, without a call to the registry', async () => {
  const listed = (await (await on.connect()).listTools()).tools;
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
    expect(description, name).toMatch(/Requires an API key/);
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
  const reviewed = {
    ...tools[0],
    hash: 'h',
    docs: { summary: '', arguments: [], returns: null, errors: [] },
    findings: [secrecy],
    approval: 'changed',
    approved: null,
    others: [],
    callable: false,
  };
  const ofOne = {
    server: 'team/weather',
    snapshot: 's',
    takenAt: null,
    toolLock: null,
    tools: [reviewed],
    malformed: [{ name: 'odd', problem: 'name: why', instances: ['http://x'] }],
  };
  const own = await callWith('get_service_tools', { service_path: 'team/weather' }, ofOne);
  expect(own.requests).toEqual(['GET /api/servers/team%2Fweather/tools']);
  const warnings = ['danger in description: it asks for secrecy'];
  expect(own.result.structuredContent).toEqual({
    tools: [{ service_path: '/team/weather', ...tools[0], callable: false, approval: 'changed', warnings }],
    malformed: [{ service_path: '/team/weather', name: 'odd', problem: 'name: why' }],
  });
  expect(own.result.content[0]?.text).toContain('blocked until approved');
  expect(own.result.content[0]?.text).toContain('/team/weather: invalid tool omitted: odd (name: why)');
  expect(JSON.parse(own.result.content[1]?.text ?? '')).toEqual(own.result.structuredContent);
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
