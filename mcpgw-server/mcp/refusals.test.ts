import { expect, test } from 'vitest';
import { call, prepareManagement } from '../../test/support/management/prepare-management.ts';
import { change, weather } from '../../test/support/management/recording-registry.ts';

const on = prepareManagement();

test('unknown, missing and invalid arguments are refused by name, with a list of the valid ones; nothing is requested', async () => {
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

test('control characters and invisible characters are escaped in every text', async () => {
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
