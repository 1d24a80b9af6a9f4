import { expect, test } from 'vitest';
import { collectTools } from './collect-tools.ts';

const tool = (name: string, more: object = {}) => ({ name, inputSchema: { type: 'object' }, ...more });
const names = (listed: { name: string | null }[]) => listed.map(({ name }) => name);

test('tools of all pages are sorted, and adding a page returns whether it contained anything new', async () => {
  const collected = collectTools('legacy');
  expect(await collected.add([tool('b'), tool('a')])).toBe(true);
  expect(await collected.add([tool('a')])).toBe(false);
  expect(names(collected.list().tools)).toEqual(['a', 'b']);
  expect(collected.repeated()).toEqual(['a']);
  expect(collected.flaws()).toEqual([]);
});

test('a tool with two definitions is omitted and reported once, however often it is listed', async () => {
  const collected = collectTools('legacy');
  await collected.add([tool('a'), tool('a', { title: '2' }), tool('b'), tool('a', { title: '3' })]);
  expect(names(collected.list().tools)).toEqual(['b']);
  expect(collected.list().malformed).toEqual([{ name: 'a', problem: 'listed twice, with different definitions' }]);
});

test('what is collected is bounded', async () => {
  const many = collectTools('legacy');
  await many.add(Array.from({ length: 10_500 }, (_, index) => tool(`t${index}`)));
  expect([many.isFull(), many.isRejected()]).toEqual([true, false]);
  expect(many.list().tools).toHaveLength(10_000);
  expect(many.flaws()[0]?.problem).toContain('more than 10000 tools');
  const invalid = collectTools('legacy');
  await invalid.add(Array.from({ length: 1_500 }, (_, index) => ({ name: `t${index}` })));
  expect([invalid.isFull(), invalid.isRejected()]).toEqual([true, true]);
  expect(invalid.list()).toEqual({ tools: [], malformed: [] });
});
