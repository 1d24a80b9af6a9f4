import { expect, test } from 'vitest';
import { call, prepareManagement } from '../../test/support/management/prepare-management.ts';

const on = prepareManagement();

test('healthcheck explains that a key has no role, and why the registry failed', async () => {
  const client = await on.connect();
  on.registry.answer = () => ({ status: 200, body: { status: 'healthy' } });
  const roleless = await call(client, 'healthcheck');
  expect(roleless.isError).toBe(true);
  expect(roleless.content[0]?.text).toMatch(/^Your key has no role.* What to do: .*viewer/);
  const locked = {
    type: 'x',
    title: 'Not possible at the moment',
    detail: 'the database is locked',
    hint: 'Try again.',
  };
  on.registry.answer = () => ({ status: 503, body: { ...locked, status: 503 } });
  expect((await call(client, 'healthcheck')).content[0]?.text).toBe(
    'Not possible at the moment: the database is locked. What to do: Try again.',
  );
});
