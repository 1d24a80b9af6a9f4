import { expect, test } from 'vitest';
import type { CatalogueServer } from '@mcpgw/registry/contract';
import { createToolNames, nameTool, resolveCollisions } from './tool-names.ts';

const LONG = 'x'.repeat(90);

test('a name that fits is server__tool', () => {
  expect(nameTool('github', 'create_issue')).toBe('github__create_issue');
});

test.each([
  ['team/search', 'find'],
  ['a.b', 'find'],
  ['github', LONG],
  [LONG, LONG],
  ['a__b', 'c'],
  ['weather', 'größe.lesen'],
])('%s %s is shortened to a name that clients accept, the same each time', (server, tool) => {
  const name = nameTool(server, tool);
  expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(nameTool(server, tool)).toBe(name);
});

test('tools whose plain names would be equal get different names', () => {
  const pairs = [
    ['team/search', 'find'],
    ['team.search', 'find'],
    ['team_search', 'find'],
    ['a__b', 'c'],
    ['a', 'b__c'],
    ['github', `${LONG}1`],
    ['github', `${LONG}2`],
  ] as const;
  expect(new Set(pairs.map(([server, tool]) => nameTool(server, tool))).size).toBe(pairs.length);
});

test('a name that looks like a shortened one is shortened too, so that no tool can take the name of another', () => {
  const shortened = nameTool('team/x', 'find');
  const [, tool = ''] = shortened.split('__');
  expect(nameTool('team_x', tool)).not.toBe(shortened);
  expect(nameTool('weather', 'at_abc123')).toMatch(/^weather__at_abc123_[0-9a-f]{6}$/);
});

/** Two long tool names whose hashes have the same prefix: with 24 bits, one is found quickly. */
function findCollision(server: string): [string, string] {
  const byName = new Map<string, string>();
  for (let n = 0; ; n += 1) {
    const tool = `${LONG}${n}`;
    const name = nameTool(server, tool);
    const previous = byName.get(name);
    if (previous !== undefined) return [previous, tool];
    byName.set(name, tool);
  }
}

test('tools with equal hashes get longer ones, whichever of them a caller sees and whatever tools are added', () => {
  const [first, second] = findCollision('github');
  const list = (tools: string[], visible = tools) => {
    const server = {
      v: 2,
      id: 'i',
      path: 'github',
      name: '',
      description: '',
      tags: [],
      tools: tools.map((name) => ({ name })),
    };
    const known = { ...server, health: 'healthy', era: null, isSseOnly: false } as unknown as CatalogueServer;
    const seen = { server: known, tools: visible.map((name) => ({ name })), mayCall: () => true };
    const servers = [known];
    return createToolNames({ servers: () => servers })
      .list([seen])
      .map(({ name }) => name);
  };
  const alone = list([first]);
  const both = list([first, second, 'look']);
  expect(new Set(both).size).toBe(3);
  // The name that both had now belongs to neither.
  expect(both).not.toContain(alone[0]);
  expect(list(['a', second, first], [first])).toEqual([both[0]]);
  for (const name of both) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(resolveCollisions([['github', first]]).size).toBe(0);
});
