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
])('%s %s is shortened to what clients accept, the same each time', (server, tool) => {
  const name = nameTool(server, tool);
  expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(nameTool(server, tool)).toBe(name);
});

test('what would be written alike has different names', () => {
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

test('what looks like a name that was shortened is shortened itself, so that no tool can take the name of another', () => {
  const shortened = nameTool('team/x', 'find');
  const [, tool = ''] = shortened.split('__');
  expect(nameTool('team_x', tool)).not.toBe(shortened);
  expect(nameTool('weather', 'at_abc123')).toMatch(/^weather__at_abc123_[0-9a-f]{6}$/);
});

/** Two long names of tools whose hashes begin alike: 24 bits are soon found. */
function findCollision(server: string): [string, string] {
  const byName = new Map<string, string>();
  for (let n = 0; ; n += 1) {
    const tool = `${LONG}${n}`;
    const name = nameTool(server, tool);
    const other = byName.get(name);
    if (other !== undefined) return [other, tool];
    byName.set(name, tool);
  }
}

test('tools whose hashes are alike have longer ones, whichever of them a caller sees and whatever else comes', () => {
  const [one, other] = findCollision('github');
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
  const alone = list([one]);
  const both = list([one, other, 'look']);
  expect(new Set(both).size).toBe(3);
  // The name that both had means neither of them now.
  expect(both).not.toContain(alone[0]);
  expect(list(['a', other, one], [one])).toEqual([both[0]]);
  for (const name of both) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(resolveCollisions([['github', one]]).size).toBe(0);
});
