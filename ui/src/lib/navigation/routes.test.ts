import { describe, expect, it } from 'vitest';
import { matchRoute, SERVER_TABS, serverHref } from './routes.ts';

describe('matchRoute', () => {
  it('parses what serverHref returns, for every tab and depth', () => {
    for (const path of ['weather', 'team/search', 'a/b/c/d', 'a.b_c-d'])
      for (const tab of SERVER_TABS) expect(matchRoute(serverHref(path, tab))).toEqual({ page: 'server', path, tab });
  });
  it('matches the top-level pages and nothing else', () => {
    expect(matchRoute('')).toEqual({ page: 'servers' });
    expect(matchRoute('/servers/')).toEqual({ page: 'servers' });
    expect(matchRoute('settings')).toEqual({ page: 'settings' });
    expect(matchRoute('nonsense')).toEqual({ page: 'not-found' });
    expect(matchRoute('settings/more')).toEqual({ page: 'not-found' });
    expect(matchRoute('servers/a/-/nonsense')).toEqual({ page: 'not-found' });
    expect(matchRoute('servers/-/tools')).toEqual({ page: 'not-found' });
    expect(matchRoute('servers/%E0%A4%A')).toMatchObject({ page: 'server' });
  });
});
