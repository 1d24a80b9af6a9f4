import { describe, expect, it } from 'vitest';
import type { ServerView } from '@mcpgw/registry/contract';
import { countTags, filterServers, type ServerQuery } from './filter-servers.ts';

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
const query = (more: Partial<ServerQuery> = {}): ServerQuery => ({
  filter: 'all',
  q: '',
  tag: '',
  status: '',
  pathsByTool: new Set(),
  needsAttention: (path) => path === 'search',
  ...more,
});
const paths = (more: Partial<ServerQuery>) => filterServers(list, query(more)).shown.map(({ path }) => path);

describe('filterServers', () => {
  it('filters by status and counts the search results of each filter', () => {
    expect(paths({ filter: 'attention' })).toEqual(['search']);
    expect(paths({ filter: 'disabled' })).toEqual(['old']);
    expect(paths({ status: 'unhealthy' })).toEqual(['search']);
    expect(filterServers(list, query()).counts).toEqual({ all: 3, enabled: 2, disabled: 1, attention: 1 });
    expect(filterServers(list, query({ tag: 'demo' })).counts).toEqual({
      all: 2,
      enabled: 2,
      disabled: 0,
      attention: 1,
    });
  });
  it('matches every word in any field, and servers by their tools', () => {
    expect(paths({ q: 'FORE demo' })).toEqual(['weather']);
    expect(paths({ q: 'nothing' })).toEqual([]);
    expect(paths({ q: 'echo', pathsByTool: new Set(['search']) })).toEqual(['search']);
  });
  it('counts tags, most used first', () => {
    expect(countTags(list)).toEqual([
      { tag: 'demo', count: 2 },
      { tag: 'public', count: 1 },
    ]);
  });
});
