import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createCatalogue } from './catalogue.ts';
import { createToolWatch } from './watch-tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'mcpgw-catalogue-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: object) => {
  writeFileSync(join(folder, name), JSON.stringify(content));
  // As a rename does.
  utimesSync(folder, new Date(), new Date());
};
const writeServer = (id: string, tools: string[] | null) =>
  write(`${id}.json`, {
    ...{ v: 2, id, path: `team/${id}`, name: id, description: '', tags: [] },
    tools: tools && tools.map((name) => ({ name })),
  });
const writeState = (id: string, health: string) =>
  write(`${id}.state.json`, { v: 2, health, era: 'legacy', isSseOnly: false });

test('a server is read from its two files; a change of its state does not change its tools', () => {
  const problems: string[] = [];
  const catalogue = createCatalogue(folder, (problem) => problems.push(problem));
  writeServer('a', ['look']);
  const hasChanged = createToolWatch(catalogue);
  expect(catalogue.servers()).toMatchObject([
    { path: 'team/a', health: 'unknown', era: null, tools: [{ name: 'look' }] },
  ]);
  const { tools } = catalogue.servers()[0]!;
  writeState('a', 'healthy');
  expect(catalogue.servers()).toMatchObject([{ path: 'team/a', health: 'healthy', era: 'legacy' }]);
  expect(catalogue.servers()[0]?.tools).toBe(tools);
  expect(hasChanged()).toBe(false);
  writeServer('a', ['look']);
  expect(catalogue.servers()[0]?.tools).toBe(tools);
  expect(hasChanged()).toBe(false);
  writeServer('a', ['look', 'send']);
  expect([hasChanged(), hasChanged()]).toEqual([true, false]);
  writeServer('b', null);
  expect([hasChanged(), hasChanged()]).toEqual([true, false]);
  expect(problems).toEqual([]);
  write('c.json', { v: 9 });
  expect(catalogue.servers()).toHaveLength(2);
  expect(problems).toMatchObject([expect.stringContaining('c.json')]);
});
