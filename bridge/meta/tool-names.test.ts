import { expect, test } from 'vitest';
import { nameTool } from './tool-names.ts';

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
