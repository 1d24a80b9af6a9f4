import { expect, test } from 'vitest';
import { call, prepareManagement } from '../../test/support/management/prepare-management.ts';

const on = prepareManagement();

test('by default the tools of a server are shortened, however large they are, and listed in pages', async () => {
  const tool = (n: number) => ({
    name: `tool-${n}`,
    description: `Does the thing number ${n}. `.repeat(200),
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`p${at}`, { type: 'string' }])),
    },
  });
  on.registry.answer = ({ url }) => {
    if (url.endsWith('/tools')) return { status: 200, body: { malformed: [] } };
    const limit = Number(new URL(url, 'http://x').searchParams.get('limit'));
    const items = Array.from({ length: limit }, (_, n) => ({
      ...{ server: 'large', tool: tool(n), score: 0 },
      ...{ findings: [], approval: 'unlocked', callable: true },
    }));
    return { status: 200, body: { items, nextCursor: 'more' } };
  };
  const client = await on.connect();
  for (const [name, given] of [
    ['get_service_tools', { service_path: 'large' }],
    ['search_tools', { query: 'thing' }],
  ] as const) {
    const result = await call(client, name, given);
    expect(result.structuredContent).toMatchObject({ next_cursor: 'more' });
    expect(JSON.stringify(result).length, name).toBeLessThan(20_000);
  }
});
