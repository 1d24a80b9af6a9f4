import { expect, test } from 'vitest';
import type { Tool } from '../../contract/index.ts';
import { Events } from '../../lib/events.ts';
import type { Rows, StoredServer } from '../../store/index.ts';
import { createToolSearch } from './tool-search.ts';

interface Listed {
  id: number;
  tool: Tool;
}

const tool = (id: number, name: string, annotations = {}): Listed => ({
  id,
  tool: { name, description: 'Of the wiki.', inputSchema: { type: 'object' }, annotations },
});

/** Rows of these servers, by path, which is also their id. */
function prepare(servers: Map<string, { tags: string[]; tools: Listed[] }>) {
  let reads = 0;
  const stored = (path: string) =>
    servers.has(path)
      ? ({ id: path, path, name: path, tags: servers.get(path)?.tags, removedAt: null } as unknown as StoredServer)
      : undefined;
  const all = () =>
    [...servers].flatMap(([path, { tools }]) => tools.map((entry) => ({ ...entry, serverId: path, server: path })));
  const rows = {
    servers: {
      all: () => Promise.resolve([...servers.keys()].map(stored)),
      byId: (id: string) => Promise.resolve(stored(id)),
    },
    toolHits: {
      definitions(id: string) {
        reads += 1;
        return Promise.resolve(servers.get(id)?.tools ?? []);
      },
      byIds: (ids: number[]) => Promise.resolve(ids.flatMap((id) => all().find((entry) => entry.id === id) ?? [])),
    },
  } as unknown as Pick<Rows, 'servers' | 'toolHits'>;
  const events = new Events();
  const search = createToolSearch(rows, events);
  const find = async (query: string, more: object = {}) =>
    (await search.find(query, { limit: 20, offset: 0, ...more })).map(
      ({ server, tool: { name } }) => `${server}/${name}`,
    );
  const changed = (path: string) => events.emit('tools.changed', { serverId: path, path });
  return { search, find, changed, reads: () => reads };
}

const twoServers = () =>
  new Map([
    ['wiki', { tags: ['docs'], tools: [tool(1, 'read_page', { readOnlyHint: true }), tool(2, 'delete_page')] }],
    ['blog', { tags: [], tools: [tool(3, 'read_page')] }],
  ]);

test('tools are filtered by tag, server and kind, and results are paged', async () => {
  const { find } = prepare(twoServers());
  const all = await find('page');
  expect([...all].sort()).toEqual(['blog/read_page', 'wiki/delete_page', 'wiki/read_page']);
  expect([...(await find('page', { limit: 2 })), ...(await find('page', { limit: 2, offset: 2 }))]).toEqual(all);
  expect(await find('page', { server: 'blog' })).toEqual(['blog/read_page']);
  expect(await find('page', { tag: 'docs', kind: 'readOnly' })).toEqual(['wiki/read_page']);
  expect(await find('page', { tag: 'doc' })).toEqual([]);
});

test('a query finds everything stored before it, and reloads only changed servers', async () => {
  const servers = twoServers();
  const { find, changed, reads } = prepare(servers);
  await find('page');
  expect(reads()).toBe(2);
  servers.set('blog', { tags: [], tools: [tool(4, 'write_article')] });
  changed('blog');
  const found = await Promise.all([find('article'), find('article')]);
  expect(found).toEqual([['blog/write_article'], ['blog/write_article']]);
  expect(reads()).toBe(3);
  servers.delete('wiki');
  changed('wiki');
  expect(await find('page')).toEqual([]);
});

test('nothing is read before the first query', async () => {
  const { search, changed, reads } = prepare(twoServers());
  changed('wiki');
  await Promise.resolve();
  expect(reads()).toBe(0);
  search.close();
});
