import { describe, expect, it } from 'vitest';
import { EVERY_SERVER, explainNewPath, explainPath } from './explain-path.ts';
import { serverPath, serverPattern } from '../server/path.ts';
import { serverInput } from '../server/server.ts';

describe('the path that means every server', () => {
  it('is refused for a new server, with field, cause and remedy', () => {
    for (const path of ['all', '/all', ' /all/ ']) {
      const { error } = serverInput.safeParse({ path, url: 'http://weather:8000' });
      expect(error?.issues).toMatchObject([{ path: ['path'], message: explainNewPath(EVERY_SERVER) }]);
    }
    expect(explainNewPath(EVERY_SERVER)).toMatch(/"all" may not .* "\/all" for every server; choose another one/);
  });
  it('remains valid for an existing server, in grants and queries', () => {
    expect(explainPath('all')).toBeNull();
    expect(serverPath.parse('/all')).toBe('all');
    expect(serverPattern.safeParse('all').success).toBe(true);
  });
  it('is only that exact path', () => {
    for (const path of ['team/all', 'all/search', 'all2', 'overall', 'all-server'])
      expect(serverInput.parse({ path, url: 'http://weather:8000' }).path).toBe(path);
  });
});

it('a new path is checked by the other rules too', () => {
  for (const path of ['', 'Upper', 'api/x', 'team/mcp', 'a/b/c/d/e', 'x'.repeat(121)])
    expect(explainNewPath(path), path).toBe(explainPath(path));
  expect(explainNewPath('api')).toContain('may not begin with "api"');
});

describe('a path', () => {
  it.each(['weather', 'a', '0', 'team/search', 'a.b-c_d/e', 'a/b/c/d', 'x'.repeat(120), 'team/api', 'ui2', 'weather2'])(
    'may be %s',
    (path) => expect(explainNewPath(path)).toBeNull(),
  );
  it.each(['', '/', 'a/', '/a', 'a//b', '-a', 'a-', '.a', 'a.', '_a', 'a_', 'a/..', 'A', 'a b', 'a%2fb', 'a:b', 'ü'])(
    'may not be "%s"',
    (path) => expect(explainPath(path)).not.toBeNull(),
  );
  // The gateway's own URLs (docs/architecture.md).
  it.each([
    ...['-', 'mcp', 'ui', 'assets', 'api', 'ws', 'docs', 'openapi.json', 'healthz', 'readyz', 'health', 'metrics'],
    ...['register', 'toggle', 'login', 'logout', 'registry', 'sessions', 'execute', 'sse', 'v0.1', '.well-known'],
    ...['oauth', 'favicon.ico', 'robots.txt'],
  ])('does not begin with %s', (word) => {
    expect(explainPath(word)).not.toBeNull();
    expect(explainPath(`${word}/a`)).not.toBeNull();
  });
  it.each(['mcp', 'sse', 'server-card'])('has no segment %s', (word) => {
    for (const path of [`a/${word}`, `a/${word}/b`]) expect(explainPath(path), path).toContain(word);
  });
});
