import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Tool } from '../../../registry/contract/index.ts';
import { prepareListing, tool } from './prepare-listing.ts';

const { it, behaviour, register } = prepareListing();
const MB = 1024 * 1024;

/** The database with its side files. */
function databaseBytes(): number {
  const folder = dirname(it.databaseFile);
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

test('a tool over 64 KB is omitted and reported, and the others are listed, however often it changes', async () => {
  let list = 0;
  behaviour.onList = () => {
    list += 1;
    behaviour.tools = [tool('add'), tool('huge', `${list} `.repeat(1.9 * MB).slice(0, 3.8 * MB))];
  };
  await register('huge');
  for (let round = 0; round < 10; round += 1) await it.health.refresh('huge');
  const { tools, malformed } = await it.tools.tools('huge');
  expect(tools.map(({ name }) => name)).toEqual(['add']);
  expect(malformed).toMatchObject([{ name: 'huge', problem: 'larger than 64 KB' }]);
  const server = await it.servers.get('huge');
  expect(server).toMatchObject({
    status: 'degraded',
    error: expect.stringContaining('"huge" (larger than 64 KB)') as string,
  });
  expect(await it.tools.changes('huge', { limit: 100 })).toEqual({ items: [], hasMore: false });
  expect(databaseBytes()).toBeLessThan(5 * MB);
});

test('20 lists of a megabyte that are all different stay within the byte budget of a server', async () => {
  const { server } = await register('flooding');
  const stored = await it.store.servers.byId(server.id);
  const instance = stored?.instances[0]?.id ?? '';
  const large = (name: string, round: number): Tool => ({
    ...tool(name, `Round ${round}. `.repeat(400)),
    inputSchema: { type: 'object', examples: Array.from({ length: 9_000 }, (_, n) => round * 1_000 + n) },
  });
  for (let round = 0; round < 20; round += 1) {
    const tools = Array.from({ length: 15 }, (_, n) => large(`tool-${n}`, round));
    await it.tools.recordTools(stored!, new Map([[instance, { tools, malformed: [] }]]));
  }
  expect(databaseBytes()).toBeLessThan(20 * MB);
  const bytes = (items: unknown) => JSON.stringify(items).length;
  let changes = 0;
  for (let beforeId: number | undefined, more = true; more;) {
    const page = await it.tools.changes('flooding', { limit: 1_000, beforeId });
    expect(bytes(page.items)).toBeLessThan(300 * 1024);
    changes += page.items.length;
    beforeId = page.items.at(-1)?.id;
    more = page.hasMore;
  }
  expect(changes).toBeGreaterThan(50);
  expect((await it.tools.tools('flooding')).tools).toHaveLength(15);
});

test('while a list of 3 MB is hashed and scanned, the event loop runs between any two of its tools', async () => {
  const { server } = await register('heavy');
  const stored = await it.store.servers.byId(server.id);
  const instance = stored?.instances[0]?.id ?? '';
  const tools = Array.from({ length: 50 }, (_, n) =>
    tool(`tool-${n}`, `Sends number ${n} to the address. `.repeat(1_800)),
  );
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await it.tools.recordTools(stored!, new Map([[instance, { tools, malformed: [] }]]));
  isDone = true;
  // 60 KB take longer to scan than a slice lasts, on any machine: one turn per tool.
  expect(turns).toBeGreaterThan(25);
});
