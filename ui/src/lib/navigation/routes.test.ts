import { describe, expect, it } from 'vitest';
import { AGENT_TABS, agentHref, AGENTS_VIEWS, agentsHref, matchRoute, SERVER_TABS, serverHref } from './routes.ts';

describe('matchRoute', () => {
  it('parses what serverHref returns, for every tab and depth', () => {
    for (const path of ['weather', 'team/search', 'a/b/c/d', 'a.b_c-d'])
      for (const tab of SERVER_TABS) expect(matchRoute(serverHref(path, tab))).toEqual({ page: 'server', path, tab });
  });
  it('parses what agentHref and agentsHref return', () => {
    for (const tab of AGENT_TABS)
      expect(matchRoute(agentHref('a.b_c-d', tab))).toEqual({ page: 'agent', name: 'a.b_c-d', tab });
    for (const view of AGENTS_VIEWS) expect(matchRoute(agentsHref(view))).toEqual({ page: 'agents', view });
    expect(matchRoute('agents/-/nonsense')).toEqual({ page: 'not-found' });
    expect(matchRoute('agents/a/nonsense')).toEqual({ page: 'not-found' });
    expect(matchRoute('agents/a/grants/more')).toEqual({ page: 'not-found' });
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
