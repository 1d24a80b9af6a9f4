import { expect, test } from 'vitest';
import { findForbidden, grantedTools } from './grants.ts';

test('grants for one server add up', () => {
  const grants = [
    { server: 'weather', tools: ['a'] },
    { server: 'team/*', tools: ['*'] },
    { server: 'weather', tools: ['b'] },
  ];
  expect(grantedTools(grants, 'weather')).toEqual(['a', 'b']);
  expect(grantedTools(grants, 'team/x')).toBeNull();
  expect(grantedTools(grants, 'weather2')).toBeUndefined();
  expect(grantedTools([{ server: '*', tools: ['*'] }], 'mcpgw')).toBeUndefined();
  expect(grantedTools([], 'weather')).toBeUndefined();
});

test('a tool must be granted, and be on the server’s own list', () => {
  expect(findForbidden(['a'], null, null)).toBeUndefined();
  expect(findForbidden(['a', 'b'], ['a'], null)).toBe('b');
  expect(findForbidden(['a'], null, [])).toBe('a');
  expect(findForbidden(['a'], ['a'], ['b'])).toBe('a');
  expect(findForbidden(['A'], ['a'], null)).toBe('A');
});
