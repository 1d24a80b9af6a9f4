import { expect, test } from 'vitest';
import { covers, findForbidden, grantedTools } from './grants.ts';

test.each([
  ['weather', 'weather', true],
  ['weather', 'weather2', false],
  ['weather2', 'weather', false],
  ['team/*', 'team/search', true],
  ['team/*', 'team/a/b', true],
  ['team/*', 'team', false],
  ['team/*', 'team2/search', false],
  ['team', 'team/search', false],
  ['*', 'weather', true],
  ['*', 'team/search', true],
  ['/*', 'weather', false],
  ['', 'weather', false],
])('the pattern %j covers %s: %s', (pattern, path, wanted) => {
  expect(covers(pattern, path)).toBe(wanted);
});

test('the management server must be named', () => {
  expect(covers('*', 'mcpgw')).toBe(false);
  expect(covers('mcpgw', 'mcpgw')).toBe(true);
});

test('grants for one server add up', () => {
  const grants = [
    { server: 'weather', tools: ['a'] },
    { server: 'team/*', tools: ['*'] },
    { server: 'weather', tools: ['b'] },
  ];
  expect(grantedTools(grants, 'weather')).toEqual(['a', 'b']);
  expect(grantedTools(grants, 'team/x')).toBeNull();
  expect(grantedTools(grants, 'weather2')).toBeUndefined();
  expect(grantedTools([], 'weather')).toBeUndefined();
});

test('a tool must be granted, and be on the server’s own list', () => {
  expect(findForbidden(['a'], null, null)).toBeUndefined();
  expect(findForbidden(['a', 'b'], ['a'], null)).toBe('b');
  expect(findForbidden(['a'], null, [])).toBe('a');
  expect(findForbidden(['a'], ['a'], ['b'])).toBe('a');
  expect(findForbidden(['A'], ['a'], null)).toBe('A');
});
