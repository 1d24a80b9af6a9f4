import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { prepareManagement } from '../../test/support/management/prepare-management.ts';

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
    'manage_limits',
    'refresh_service',
    'register_service',
    'remove_service',
    'restore_service',
    'search_calls',
    'search_tools',
    'toggle_service',
    'update_service',
  ]);
  expect(JSON.stringify(listed).length).toBeLessThan(16 * 1024);
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
  expect(byName.get('register_service')?.inputSchema.required).toEqual(['server_name', 'path']);
  expect(byName.get('toggle_service')?.inputSchema.required).toEqual(['service_path', 'enabled']);
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
