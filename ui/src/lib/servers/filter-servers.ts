import type { ServerView } from '@mcpgw/registry/contract';
import { hasIssue } from './status-labels.ts';

export const FILTERS = ['all', 'enabled', 'disabled', 'issues'] as const;
export type Filter = (typeof FILTERS)[number];

export interface Wanted {
  filter: Filter;
  q: string;
  tag: string;
  /** Paths of servers that have a tool which matches `q`. */
  byTool: ReadonlySet<string>;
}

const FITS: Record<Filter, (server: ServerView) => boolean> = {
  all: () => true,
  enabled: (server) => server.enabled,
  disabled: (server) => !server.enabled,
  issues: hasIssue,
};

/** Whether every word of `q` stands in the name, path, description, a tag or an address of the server. */
export function matchesText(server: ServerView, q: string): boolean {
  const text = [server.name, server.path, server.description, ...server.tags, ...server.instances.map(({ url }) => url)]
    .join('\n')
    .toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The servers to show, and how many each filter would show of those that the search and the tag leave. */
export function filterServers(
  servers: readonly ServerView[],
  wanted: Wanted,
): { shown: ServerView[]; counts: Record<Filter, number> } {
  const found = servers.filter(
    (server) =>
      (wanted.tag === '' || server.tags.includes(wanted.tag)) &&
      (matchesText(server, wanted.q) || wanted.byTool.has(server.path)),
  );
  const counts = Object.fromEntries(FILTERS.map((name) => [name, found.filter(FITS[name]).length]));
  return { shown: found.filter(FITS[wanted.filter]), counts: counts as Record<Filter, number> };
}

/** All tags with how often they are used, most used first. */
export function countTags(servers: readonly ServerView[]): { tag: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const tag of servers.flatMap((server) => server.tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || (a.tag < b.tag ? -1 : 1));
}
