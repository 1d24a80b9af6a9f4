import { describe, expect, it } from 'vitest';
import { EVERY_SERVER, explainNewPath, explainPath } from './explain-path.ts';
import { serverPath, serverPattern } from '../server/path.ts';
import { serverInput } from '../server/server.ts';

describe('the path that means every server', () => {
  it('is refused where a server is registered, by field, cause and remedy', () => {
    for (const path of ['all', '/all', ' /all/ ']) {
      const { error } = serverInput.safeParse({ path, url: 'http://weather:8000' });
      expect(error?.issues).toMatchObject([{ path: ['path'], message: explainNewPath(EVERY_SERVER) }]);
    }
    expect(explainNewPath(EVERY_SERVER)).toMatch(/"all" may not .* "\/all" for every server; choose another one/);
  });
  it('stays good for a server that is there already: in grants and in questions', () => {
    expect(explainPath('all')).toBeNull();
    expect(serverPath.parse('/all')).toBe('all');
    expect(serverPattern.safeParse('all').success).toBe(true);
  });
  it('is that word alone', () => {
    for (const path of ['team/all', 'all/search', 'all2', 'overall', 'all-server'])
      expect(serverInput.parse({ path, url: 'http://weather:8000' }).path).toBe(path);
  });
});

it('a new path is judged by the other rules too', () => {
  for (const path of ['', 'Upper', 'api/x', 'team/mcp', 'a/b/c/d/e', 'x'.repeat(121)])
    expect(explainNewPath(path), path).toBe(explainPath(path));
  expect(explainNewPath('api')).toContain('may not begin with "api"');
});
