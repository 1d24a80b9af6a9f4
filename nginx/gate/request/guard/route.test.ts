import { expect, test } from 'vitest';
import { parseRoute } from './route.ts';

test.each([
  ['/weather', 'weather', 'mcp'],
  ['/weather/', 'weather', 'mcp'],
  ['/weather/mcp', 'weather', 'mcp'],
  ['/weather/mcp/', 'weather', 'mcp'],
  ['/team/search/mcp?x=/sse', 'team/search', 'mcp'],
  ['/weather/sse', 'weather', 'sse'],
  ['/a/b/c/d/sse/', 'a/b/c/d', 'sse'],
  ['/mcp', 'mcp', 'mcp'],
  ['/mcp/', 'mcp', 'mcp'],
  ['/mcp/sse', 'mcp', 'sse'],
  ['/mcp/weather', 'weather', 'mcp'],
  ['/mcp/team/search/', 'team/search', 'mcp'],
])('%s is the server %s at its %s endpoint', (target, path, endpoint) => {
  expect(parseRoute(target)).toMatchObject({ path, endpoint });
});

test('the route of a message endpoint has the rest of its path and its query', () => {
  expect(parseRoute('/team/x/sse/-/messages/?sessionId=1&a=%2F')).toEqual({
    path: 'team/x',
    endpoint: 'message',
    rest: 'messages/',
    query: 'sessionId=1&a=%2F',
  });
});

test.each(['/', '', '/sse', '/sse/-/x', '/Weather/mcp', '/weather/MCP', 'weather', '*', '?x'])(
  '%j cannot be a server with a lower-case path',
  (target) => {
    expect(parseRoute(target)).toBeUndefined();
  },
);

test.each([
  '/team%2Fsearch/mcp',
  '//weather/mcp',
  '/weather/../other/mcp',
  '/weather//mcp',
  '/./weather',
  '/mcp//weather',
])('%s is left as it was sent, so it is not a registered path', (target) => {
  const path = parseRoute(target)?.path ?? '';
  expect(path).not.toMatch(/^[a-z0-9]+(\/[a-z0-9]+)?$/);
});
