import { expect, test } from 'vitest';
import { call, prepareManagement } from '../../test/support/management/prepare-management.ts';
import { change } from '../../test/support/management/recording-registry.ts';

const on = prepareManagement();

test('register_service accepts deprecated parameters, and forwards neither user name nor password', async () => {
  on.registry.answer = () => ({ status: 201, body: { ...change, warnings: ['Cookie is forwarded'] } });
  const result = await call(await on.connect(), 'register_service', {
    server_name: 'Weather',
    path: '/team/weather/',
    proxy_pass_url: 'http://weather:8000',
    description: 'Forecasts',
    tags: 'demo, forecast,',
    num_tools: 3,
    num_stars: 12,
    is_python: true,
    forward_headers: ['Cookie'],
    license: 'N/A',
    username: 'admin',
    password: 'hunter2-hunter2',
  });
  expect(result.isError).toBeUndefined();
  expect(result.structuredContent).toMatchObject({
    service_path: '/team/weather',
    applied: true,
    status: 'healthy',
    warnings: ['Cookie is forwarded'],
  });
  expect(result.content[0]?.text).toContain('Warning: Cookie is forwarded');
  expect(result.content[0]?.text).toContain('http://localhost:8080/team/weather/mcp');
  expect(on.registry.seen).toHaveLength(1);
  expect(on.registry.seen[0]).toMatchObject({ method: 'POST', url: '/api/servers', authorization: 'Bearer mgw_ada' });
  expect(JSON.parse(on.registry.seen[0]?.body ?? '')).toEqual({
    path: 'team/weather',
    name: 'Weather',
    url: 'http://weather:8000',
    description: 'Forecasts',
    tags: ['demo', 'forecast'],
    transport: 'auto',
    enabled: true,
    forwardHeaders: ['Cookie'],
    stars: 12,
  });
  expect(JSON.stringify([result, on.registry.seen, on.faults])).not.toContain('hunter2');
});

test('register_service takes a program or a container in place of a URL', async () => {
  on.registry.answer = () => ({ status: 201, body: change });
  const client = await on.connect();
  const sent = async (given: Record<string, unknown>) => {
    const result = await call(client, 'register_service', { server_name: 'Files', path: 'files', ...given });
    expect(result.isError, result.content[0]?.text).toBeUndefined();
    return JSON.parse(on.registry.seen.at(-1)?.body ?? '') as Record<string, unknown>;
  };
  const program = { command: 'npx', args: ['-y', 'server-files@1.0.0'], env: { TOKEN: '${FILES_TOKEN}' } };
  expect(await sent({ ...program, confine: true })).toMatchObject({ ...program, confinement: {} });
  expect(await sent({ ...program, confine: false })).toMatchObject({ ...program, confinement: null });
  expect(await sent(program)).not.toHaveProperty('confinement');
  expect(await sent({ docker: { image: 'mcp/fetch:1.2' } })).toMatchObject({ docker: { image: 'mcp/fetch:1.2' } });
  const nothing = await call(client, 'register_service', { server_name: 'Files', path: 'files' });
  expect(nothing.isError).toBe(true);
  expect(nothing.content[0]?.text).toContain('Pass the URL of the server, or command');
});
