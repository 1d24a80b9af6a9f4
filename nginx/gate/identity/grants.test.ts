import { expect, test } from 'vitest';
import { addGrants, patternCovers } from './grants.ts';

test('grants for one server add up', () => {
  const grants = [
    { server: 'weather', tools: ['a'] },
    { server: 'team/*', tools: ['*'] },
    { server: 'weather', tools: ['b'] },
  ];
  expect(addGrants(grants, 'weather')).toEqual({ tools: { a: true, b: true } });
  expect(addGrants(grants, 'team/x')).toEqual({ tools: undefined });
  expect(addGrants(grants, 'weather2')).toBeUndefined();
  expect(addGrants([{ server: 'weather', tools: [] }], 'weather')).toEqual({ tools: {} });
  expect(addGrants([], 'weather')).toBeUndefined();
});

test.each([
  ['*', 'weather', true],
  ['*', 'mcpgw', false],
  ['mcpgw', 'mcpgw', true],
  ['team/*', 'team/x', true],
  ['team/*', 'team', false],
  ['team/*', 'teams/x', false],
  ['weather', 'weather2', false],
])('the pattern %s covers %s: %s', (pattern, path, covers) => {
  expect(patternCovers(pattern, path)).toBe(covers);
});
