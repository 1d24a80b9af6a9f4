import { expect, test } from 'vitest';
import { call, prepareManagement } from '../../test/support/management/prepare-management.ts';
import { change } from '../../test/support/management/recording-registry.ts';

const on = prepareManagement();

test('update_service changes what a program is: command, arguments, environment and confinement', async () => {
  on.registry.answer = () => ({ status: 200, body: change });
  const client = await on.connect();
  const sent = async (given: Record<string, unknown>) => {
    const result = await call(client, 'update_service', { service_path: '/files', ...given });
    expect(result.isError, result.content[0]?.text).toBeUndefined();
    expect(on.registry.seen.at(-1)).toMatchObject({ method: 'PATCH', url: '/api/servers/files' });
    return JSON.parse(on.registry.seen.at(-1)?.body ?? '') as Record<string, unknown>;
  };
  const program = { command: 'npx', args: ['-y', 'server-files@2.0.0'], env: { TOKEN: '${FILES_TOKEN}', OLD: null } };
  expect(await sent(program)).toEqual(program);
  expect(await sent({ confine: true })).toEqual({ confinement: {} });
  expect(await sent({ confine: false })).toEqual({ confinement: null });
});
