import { expect, test } from 'vitest';
import { call, prepareManagement } from '../../test/support/management/prepare-management.ts';
import { weather } from '../../test/support/management/recording-registry.ts';

const on = prepareManagement();

test('the tools of all servers are returned when one is removed meanwhile', async () => {
  const gone = {
    type: 'x',
    title: 'Not found',
    status: 404,
    detail: 'there is no server at "gone"',
    code: 'not_found',
  };
  const ofOne = { server: 'team/weather', snapshot: null, takenAt: null, toolLock: null, tools: [], malformed: [] };
  let status = 404;
  on.registry.answer = ({ url }) => {
    if (url.startsWith('/api/servers?'))
      return { status: 200, body: { items: [{ ...weather, path: 'gone' }, weather] } };
    return url.includes('gone') ? { status, body: { ...gone, status } } : { status: 200, body: ofOne };
  };
  const client = await on.connect();
  expect((await call(client, 'get_service_tools', { service_path: '/all' })).structuredContent).toEqual({
    tools: [],
    malformed: [],
  });
  expect(on.registry.seen.map(({ url }) => url)).toContain('/api/servers/team%2Fweather/tools');
  gone.code = 'unavailable';
  status = 503;
  expect(await call(client, 'get_service_tools', { service_path: '/all' })).toMatchObject({ isError: true });
});
