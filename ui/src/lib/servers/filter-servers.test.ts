import { describe, expect, it } from 'vitest';
import type { ServerView } from '@mcpgw/registry/contract';
import { countTags, filterServers, type Wanted } from './filter-servers.ts';

const server = (path: string, more: Partial<ServerView> = {}) =>
  ({
    path,
    name: path,
    description: '',
    tags: [],
    instances: [],
    enabled: true,
    status: 'healthy',
    ...more,
  }) as unknown as ServerView;
const list = [
  server('weather', { tags: ['demo', 'public'], description: 'Forecasts' }),
  server('search', { tags: ['demo'], status: 'unhealthy' }),
  server('old', { enabled: false, status: 'disabled' }),
];
const wanted = (more: Partial<Wanted> = {}): Wanted => ({ filter: 'all', q: '', tag: '', byTool: new Set(), ...more });
const paths = (more: Partial<Wanted>) => filterServers(list, wanted(more)).shown.map(({ path }) => path);

describe('filterServers', () => {
  it('filters by state and counts each filter for what the search leaves', () => {
    expect(paths({ filter: 'issues' })).toEqual(['search']);
    expect(paths({ filter: 'disabled' })).toEqual(['old']);
    expect(filterServers(list, wanted()).counts).toEqual({ all: 3, enabled: 2, disabled: 1, issues: 1 });
    expect(filterServers(list, wanted({ tag: 'demo' })).counts).toEqual({ all: 2, enabled: 2, disabled: 0, issues: 1 });
  });
  it('finds every word anywhere, and servers by their tools', () => {
    expect(paths({ q: 'FORE demo' })).toEqual(['weather']);
    expect(paths({ q: 'nothing' })).toEqual([]);
    expect(paths({ q: 'echo', byTool: new Set(['search']) })).toEqual(['search']);
  });
  it('counts tags, most used first', () => {
    expect(countTags(list)).toEqual([
      { tag: 'demo', count: 2 },
      { tag: 'public', count: 1 },
    ]);
  });
});
