import type { CatalogueServer } from '@mcpgw/registry/contract';
import { expect, test } from 'vitest';
import { createToolSearch } from './search.ts';
import type { View } from './visible.ts';

const server = (path: string, names: string[], health = 'healthy') =>
  ({
    ...{ v: 2, id: path, path, name: path, description: '', tags: [], era: null, isSseOnly: false },
    health,
    tools: names.map((name) => ({ name, description: `says ${name}` })),
  }) as unknown as CatalogueServer;
const viewOf = (servers: readonly CatalogueServer[]): View => ({
  key: undefined,
  servers: servers.map((one) => ({ server: one, tools: one.tools, mayCall: () => true })),
});

function prepare(first: CatalogueServer[]) {
  const on = { servers: first, nowMs: 0 };
  const search = createToolSearch({ servers: () => on.servers }, () => on.nowMs);
  const find = async (query: string) => (await search.find(viewOf(on.servers), query, 50)).map(({ tool }) => tool.name);
  return { on, find };
}

test('a change is found by the first query a second later', async () => {
  const { on, find } = prepare([server('a', ['forecast'])]);
  expect(await find('forecast')).toEqual(['forecast']);
  on.servers = [...on.servers, server('b', ['translate'])];
  on.nowMs = 999;
  expect(await find('translate')).toEqual([]);
  on.nowMs = 1_000;
  expect(await find('translate')).toEqual(['translate']);
  on.servers = [server('a', ['forecast'])];
  on.nowMs = 1_500;
  // An old index does not return tools of a removed server.
  expect(await find('translate')).toEqual([]);
});

test('an index is built in slices, so other work does not wait for all of it', async () => {
  const words = 'one two three four five six seven eight nine ten';
  const names = Array.from({ length: 5_000 }, (_, n) => `tool_${n}`);
  const many = { ...server('many', []), tools: names.map((name) => ({ name, description: `${words} ${name}` })) };
  const { find } = prepare([many]);
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 0);
  const [last, middle] = await Promise.all([find('tool_4999'), find('tool_17')]);
  clearInterval(timer);
  expect([last[0], middle[0]]).toEqual(['tool_4999', 'tool_17']);
  expect(turns).toBeGreaterThan(5);
});
