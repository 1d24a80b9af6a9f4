import { expect, test } from 'vitest';
import { call, prepareManagement } from '../test/support/management/prepare-management.ts';

const on = prepareManagement();

test('an error is a result with cause and hint from the problem document', async () => {
  const client = await on.connect();
  const fail = async (status: number, problem: object) => {
    on.registry.answer = () => ({ status, body: { type: 'about:blank', title: 'Not allowed', status, ...problem } });
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
  on.registry.answer = () => ({ status: 200, body: { something: 'else' } });
  const odd = await call(client, 'toggle_service', { service_path: 'weather', enabled: true });
  expect(odd).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('same version') as string }] });
  on.registry.answer = () => ({ status: 502, body: 'nonsense' });
  expect((await call(client, 'healthcheck')).content[0]?.text).toContain('502');
  const empty = await call(client, 'update_service', { service_path: 'weather' });
  expect(empty.content[0]?.text).toContain('No field to update');
  await on.registry.close();
  const down = await call(client, 'list_services');
  expect(down).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('ECONNREFUSED') as string }] });
});
