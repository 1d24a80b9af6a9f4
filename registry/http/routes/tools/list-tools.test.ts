import { expect, test } from 'vitest';
import type { ServerView, ToolsView } from '../../../contract/index.ts';
import { listTools } from './list-tools.ts';

const CATALOGUE: Record<string, string[]> = { a: ['z', 'b c'], empty: [], 'team/x': ['one', 'two', 'three'] };
const requested: string[] = [];
const servers = {
  all: () =>
    Promise.resolve(
      Object.entries(CATALOGUE).map(
        ([path, names]) =>
          ({ path, toolCount: names.length, tags: path.startsWith('team') ? ['team'] : [] }) as unknown as ServerView,
      ),
    ),
};
const tools = {
  tools: (path: string) => {
    requested.push(path);
    const list = (CATALOGUE[path] ?? []).map((name) => ({
      name,
      inputSchema: {},
      hash: 'h',
      findings: [],
      approval: 'changed',
      callable: false,
      ...(name === 'two' && { annotations: { readOnlyHint: true } }),
    }));
    return Promise.resolve({ tools: list } as unknown as ToolsView);
  },
};

test('all tools are listed in pages, each once, in order, without the fields of a single server', async () => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTools({ servers, tools }, { limit: 2, cursor });
    expect(page.items.length).toBeLessThanOrEqual(2);
    for (const { server, tool, ...rest } of page.items) {
      expect(rest).toEqual({ score: 0, findings: [], approval: 'changed', callable: false });
      expect(Object.keys(tool).filter((key) => key !== 'annotations')).toEqual(['name', 'inputSchema']);
      seen.push(`${server}:${tool.name}`);
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(['a:b c', 'a:z', 'team/x:one', 'team/x:three', 'team/x:two']);
});

test('only as many servers are read as the page needs, and none without tools', async () => {
  requested.length = 0;
  await listTools({ servers, tools }, { limit: 1 });
  expect(requested).toEqual(['a']);
  await listTools({ servers, tools }, { limit: 100 });
  expect(requested).not.toContain('empty');
});

test('a group of tools is those of servers with a tag, or of one kind', async () => {
  const names = async (group: { tag?: string; kind?: 'readOnly' | 'unannotated' }) =>
    (await listTools({ servers, tools }, { limit: 9, ...group })).items.map(({ tool }) => tool.name);
  expect(await names({ tag: 'team' })).toEqual(['one', 'three', 'two']);
  expect(await names({ kind: 'readOnly' })).toEqual(['two']);
  expect(await names({ tag: 'team', kind: 'unannotated' })).toEqual(['one', 'three']);
});
