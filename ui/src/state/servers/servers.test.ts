// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import type { ServerView } from '@mcpgw/registry/contract';
import { servers } from './servers.svelte.ts';

const view = (path: string, more: Partial<ServerView> = {}) =>
  ({
    id: `id-${path}`,
    path,
    name: path,
    enabled: true,
    configuration: 'live',
    health: 'healthy',
    status: 'healthy',
    revision: 1,
    ...more,
  }) as ServerView;
const paths = () => servers.list.map(({ path }) => path);

describe('servers', () => {
  beforeEach(() => servers.replaceAll([view('b'), view('a')]));

  it('applies live messages', () => {
    servers.receive({ seq: 1, type: 'server.changed', server: view('c') });
    expect(paths()).toEqual(['a', 'b', 'c']);
    servers.receive({ seq: 2, type: 'server.removed', serverId: 'id-a', path: 'a' });
    expect(paths()).toEqual(['b', 'c']);
    servers.receive({ seq: 3, type: 'tools.changed', serverId: 'id-b', path: 'b' });
    expect(servers.toolVersions.get('b')).toBe(1);
  });
  it('applies the time and latency of a check, and nothing else', () => {
    const lastCheckedAt = '2026-11-30T12:00:00.000Z';
    servers.receive({ seq: 4, type: 'server.checked', serverId: 'id-a', path: 'a', lastCheckedAt, latencyMs: 12 });
    expect(servers.at('a')).toMatchObject({ name: 'a', status: 'healthy', lastCheckedAt, latencyMs: 12 });
    servers.receive({ seq: 5, type: 'server.checked', serverId: 'id-x', path: 'x', lastCheckedAt, latencyMs: 12 });
    expect(paths()).toEqual(['a', 'b']);
  });
  it('replaces all servers with a snapshot', () => {
    const stats = { requests: 3 } as never;
    servers.receive({ seq: 9, type: 'snapshot', servers: [view('z')], generation: null, stats });
    expect(paths()).toEqual(['z']);
    expect(servers.phase).toBe('ready');
  });
  it('ignores an older revision', () => {
    servers.put(view('a', { name: 'new', revision: 5 }));
    servers.put(view('a', { name: 'old', revision: 4 }));
    expect(servers.at('a')?.name).toBe('new');
  });
  it('shows a server unchanged while a change is saved', () => {
    const end = servers.markSaving('id-a', 'Disabling…');
    expect(servers.saving('id-a')).toBe('Disabling…');
    expect(servers.at('a')).toMatchObject({ enabled: true, status: 'healthy' });
    end();
    expect(servers.saving('id-a')).toBeUndefined();
  });
});
