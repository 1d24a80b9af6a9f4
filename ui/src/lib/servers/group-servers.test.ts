import type { ServerView } from '@mcpgw/registry/contract';
import { expect, it } from 'vitest';
import { groupServers, type Grouping } from './group-servers.ts';

const server = (path: string, status: ServerView['status'], tags: string[] = []) =>
  ({ id: path, path, name: path, status, tags, managedBy: path === 'a' ? 'mcpgw.config.yaml' : null }) as ServerView;
const SERVERS = [server('team/x', 'unhealthy', ['ci']), server('a', 'healthy'), server('team/y', 'healthy', ['ci'])];
const shown = (grouping: Grouping) =>
  groupServers(SERVERS, grouping).map((row) => (row.kind === 'group' ? `${row.name} (${row.count})` : row.id));

it('puts a heading above each group, in the order of the servers', () => {
  expect(shown('none')).toEqual(['team/x', 'a', 'team/y']);
  expect(shown('status')).toEqual(['Unhealthy (1)', 'team/x', 'Healthy (2)', 'a', 'team/y']);
  expect(shown('tag')).toEqual(['ci (2)', 'team/x', 'team/y', 'Without a tag (1)', 'a']);
  expect(shown('folder')).toEqual(['team/ (2)', 'team/x', 'team/y', 'Not in a folder (1)', 'a']);
  expect(shown('managed')).toEqual(['Here (2)', 'team/x', 'team/y', 'mcpgw.config.yaml (1)', 'a']);
});
