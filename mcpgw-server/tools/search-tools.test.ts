import { expect, test } from 'vitest';
import { call, prepareManagement } from '../../test/support/prepare-management.ts';
import { tools, weather } from '../../test/support/recording-registry.ts';

const on = prepareManagement();

test('search_tools gives the input schema and where to call the tool', async () => {
  on.registry.answer = ({ url }) =>
    url.startsWith('/api/tools')
      ? {
          status: 200,
          body: {
            items: [
              { server: 'team/weather', tool: tools[0], score: 2 },
              { server: 'gone', tool: tools[0], score: 1 },
            ],
          },
        }
      : url.endsWith('gone')
        ? { status: 404, body: { type: 'x', title: 'Not found', status: 404, detail: 'gone' } }
        : { status: 200, body: weather };
  const { structuredContent } = await call(await on.connect(), 'search_tools', { query: 'weather' });
  expect(structuredContent).toMatchObject({
    hits: [
      {
        service_path: '/team/weather',
        gateway_url: weather.gatewayUrl,
        status: 'healthy',
        tool: { inputSchema: tools[0]?.inputSchema },
      },
      { service_path: '/gone', gateway_url: null },
    ],
  });
});
