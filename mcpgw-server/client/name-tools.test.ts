import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nameArguments, nameTools } from './name-tools.ts';

test.each([
  [
    'Change that server (PATCH /api/servers/team%2Fsearch), or remove it first.',
    'Change that server (update_service), or remove it first.',
  ],
  ['List the servers with GET /api/servers.', 'List the servers with list_services.'],
  [
    'A removed one can be restored (POST /api/servers/:path/restore).',
    'A removed one can be restored (restore_service).',
  ],
  ['Check that it is running (GET /readyz).', 'Check that it is running (healthcheck).'],
  ['An admin can assign one: PATCH /api/agents/ops', 'An admin can assign one: manage_agents'],
  ['POST …/refresh checks it now', 'refresh_service checks it now'],
])('%s', (text, named) => {
  expect(nameTools(text)).toBe(named);
});

test('no REST call remains in the hints of the registry', () => {
  const root = join(import.meta.dirname, '../../registry');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /(?<!\.test)\.ts$/.test(name) && !name.includes('node_modules'),
  );
  const hints = files.flatMap((name) => readFileSync(join(root, name), 'utf8').match(/hint:\s*['`][^\n]*/g) ?? []);
  expect(hints.length).toBeGreaterThan(20);
  expect(hints.filter((hint) => /\b(GET|POST|PUT|PATCH|DELETE) \//.test(hint)).length).toBeGreaterThan(3);
  expect(hints.map(nameTools).filter((hint) => /\b(GET|POST|PUT|PATCH|DELETE) \//.test(hint))).toEqual([]);
});

test('fields are named as the arguments of the tool that was called', () => {
  const fields = { path: 'service_path', 'instances.0.url': 'proxy_pass_url', forwardHeaders: 'forward_headers' };
  expect(
    nameArguments('Not right: path: "x" is taken; instances.0.url: no; forwardHeaders.1: no; headers: odd', fields),
  ).toBe('Not right: service_path: "x" is taken; proxy_pass_url: no; forward_headers.1: no; headers: odd');
});
