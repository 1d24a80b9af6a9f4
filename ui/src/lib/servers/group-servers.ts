import type { ServerView } from '@mcpgw/registry/contract';
import { STATUS } from './status-labels.ts';

export const GROUPINGS = ['none', 'status', 'tag', 'folder', 'managed'] as const;
export type Grouping = (typeof GROUPINGS)[number];
export const GROUPING_LABELS: Record<Grouping, string> = {
  none: 'No groups',
  status: 'By status',
  tag: 'By first tag',
  folder: 'By first path segment',
  managed: 'By configuration source',
};

const NAMES: Record<Exclude<Grouping, 'none'>, (server: ServerView) => string> = {
  status: ({ status }) => STATUS[status].label,
  tag: ({ tags }) => tags[0] ?? 'Without a tag',
  folder: ({ path }) => (path.includes('/') ? `${path.split('/')[0]}/` : 'Not in a folder'),
  managed: ({ managedBy }) => managedBy ?? 'Here',
};

export type ListRow =
  { kind: 'group'; id: string; name: string; count: number } | { kind: 'server'; id: string; server: ServerView };

/** The rows of a list: servers in their order, with a heading above each group. Groups are in the order of their first servers. */
export function groupServers(servers: readonly ServerView[], grouping: Grouping): ListRow[] {
  const toRow = (server: ServerView): ListRow => ({ kind: 'server', id: server.id, server });
  if (grouping === 'none') return servers.map(toRow);
  return [...Map.groupBy(servers, NAMES[grouping])].flatMap(([name, members]) => [
    { kind: 'group', id: `group ${name}`, name, count: members.length },
    ...members.map(toRow),
  ]);
}
