import { expect, test } from 'vitest';
import { call, prepareManagement } from '../../test/support/management/prepare-management.ts';
import { secrecy, tools, weather } from '../../test/support/management/recording-registry.ts';

const free = { findings: [], approval: 'unlocked', callable: true };
const on = prepareManagement();

test('search_tools returns the input schema and the URL of each tool', async () => {
  on.registry.answer = ({ url }) =>
    url.startsWith('/api/tools')
      ? {
          status: 200,
          body: {
            items: [
              { server: 'team/weather', tool: tools[0], score: 2, ...free },
              { server: 'gone', tool: tools[0], score: 1, ...free },
            ],
          },
        }
      : url.endsWith('gone')
        ? { status: 404, body: { type: 'x', title: 'Not found', status: 404, detail: 'gone' } }
        : { status: 200, body: weather };
  const { structuredContent } = await call(await on.connect(), 'search_tools', {
    query: 'weather',
    with_schemas: true,
  });
  expect(structuredContent).toMatchObject({
    hits: [
      {
        service_path: '/team/weather',
        gateway_url: weather.gatewayUrl,
        status: 'healthy',
        name: tools[0]?.name,
        inputSchema: tools[0]?.inputSchema,
      },
      { service_path: '/gone', gateway_url: null },
    ],
  });
});

test('search_tools returns warnings, and whether calls are allowed', async () => {
  const hit = { server: 'team/weather', tool: tools[0], score: 2, ...free };
  const items = [
    { ...hit, findings: [secrecy], approval: 'changed', callable: false },
    { ...hit, approval: 'added' },
    { ...hit, approval: 'approved' },
  ];
  on.registry.answer = ({ url }) => ({ status: 200, body: url.startsWith('/api/tools') ? { items } : weather });
  const { structuredContent, content } = await call(await on.connect(), 'search_tools', { query: 'weather' });
  const warnings = ['danger in description: it asks for secrecy'];
  expect(structuredContent).toMatchObject({
    hits: [
      { callable: false, approval: 'changed', warnings },
      { callable: true, approval: 'added', warnings: [] },
      { callable: true, approval: 'approved', warnings: [] },
    ],
  });
  const line = `/team/weather forecast: Says how the weather [${weather.gatewayUrl}]`;
  expect(content[0]?.text.split('\n')).toEqual([
    `${line} [blocked until approved]`,
    '  danger in description: it asks for secrecy',
    `${line} [added, not approved]`,
    line,
  ]);
});
