import type { CatalogueServer } from '@mcpgw/registry/contract';
import { expect, test } from 'vitest';
import { describeCondition, resolveTools } from './resolve-tools.ts';

const catalogued = (path: string, tools: CatalogueServer['tools'], more: Partial<CatalogueServer> = {}) =>
  ({
    v: 2,
    id: `id-${path}`,
    path,
    name: path,
    description: '',
    tags: [],
    health: 'healthy',
    era: null,
    isSseOnly: false,
    tools,
    ...more,
  }) satisfies CatalogueServer;
const LOOK = { name: 'look', inputSchema: { type: 'object', properties: { city: {} } } };
const isVirtual = (id: string) => id === 'id-virtual';
const resolve = (tools: Parameters<typeof resolveTools>[0]['tools'], servers: CatalogueServer[]) =>
  resolveTools({ tools }, servers, isVirtual);

test('each unusable tool reports why; the others remain usable', () => {
  const servers = [
    catalogued('weather', [LOOK]),
    catalogued('new', null),
    catalogued('virtual', [LOOK]),
    catalogued('down', [LOOK], { health: 'unhealthy' }),
  ];
  const resolved = resolve(
    [
      { server: 'weather', tool: 'look', name: 'mine' },
      { server: 'weather', tool: 'gone' },
      { server: 'weather', tool: 'look', name: 'changed', fixed: { town: 'Bern' } },
      { server: 'nowhere', tool: 'x' },
      { server: 'new', tool: 'y' },
      { server: 'virtual', tool: 'look', name: 'twice' },
      { server: 'down', tool: 'look' },
    ],
    servers,
  );
  expect(resolved.map(({ name, tool, problem }) => [name, tool?.name ?? problem])).toEqual([
    ['mine', 'mine'],
    ['gone', '"weather" has no tool "gone" any more'],
    ['changed', '"look" of "weather" has no argument "town"'],
    ['x', '"nowhere" does not exist, or is disabled'],
    ['y', 'the tools of "new" are not known yet'],
    ['twice', '"virtual" is a virtual server itself'],
    ['look', 'look'],
  ]);
  const { state, problem } = describeCondition(resolved);
  expect(state).toBe('degraded');
  expect(problem).toContain('1 of its 7 tools can be used; "gone": "weather" has no tool "gone" any more');
  expect(problem).toContain('and 2 more tools');
  expect(problem).toContain('"down" did not respond correctly');
});

test('all tools usable: running; none usable: failed', () => {
  const tools = [{ server: 'weather', tool: 'look' }];
  expect(describeCondition(resolve(tools, [catalogued('weather', [LOOK])]))).toEqual({
    state: 'running',
    problem: null,
    remedy: null,
  });
  expect(describeCondition(resolve(tools, [])).state).toBe('failed');
  expect(describeCondition(resolve(tools, [catalogued('weather', [LOOK], { health: 'unhealthy' })])).state).toBe(
    'failed',
  );
});
