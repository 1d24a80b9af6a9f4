import type { ServerStatus, ServerView } from '@mcpgw/registry/contract';

export const FILTERS = ['all', 'enabled', 'disabled', 'attention'] as const;
export type Filter = (typeof FILTERS)[number];

export interface ServerQuery {
  filter: Filter;
  q: string;
  tag: string;
  /** '' is any. */
  status: ServerStatus | '';
  /** Paths of servers that have a tool matching `q`. */
  pathsByTool: ReadonlySet<string>;
  /** Whether the server at this path needs attention. */
  needsAttention: (path: string) => boolean;
}

const MATCHES: Record<Filter, (server: ServerView, query: ServerQuery) => boolean> = {
  all: () => true,
  enabled: (server) => server.enabled,
  disabled: (server) => !server.enabled,
  attention: ({ path }, { needsAttention }) => needsAttention(path),
};

/** Views are replaced when they change, so their text is built once. */
const texts = new WeakMap<ServerView, string>();
function textOf(server: ServerView): string {
  let text = texts.get(server);
  if (text === undefined) {
    const { name, path, description, tags, instances } = server;
    text = [name, path, description, ...tags, ...instances.map(({ url }) => url)].join('\n').toLowerCase();
    texts.set(server, text);
  }
  return text;
}

/** Whether every word of `q` occurs in the name, path, description, a tag or an upstream URL of the server. */
export function matchesText(server: ServerView, q: string): boolean {
  const text = textOf(server);
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The servers to show, and the number of search results for each filter. */
export function filterServers(
  servers: readonly ServerView[],
  query: ServerQuery,
): { shown: ServerView[]; counts: Record<Filter, number> } {
  const found = servers.filter(
    (server) =>
      (query.tag === '' || server.tags.includes(query.tag)) &&
      (query.status === '' || server.status === query.status) &&
      (matchesText(server, query.q) || query.pathsByTool.has(server.path)),
  );
  const counts = Object.fromEntries(
    FILTERS.map((name) => [name, found.filter((server) => MATCHES[name](server, query)).length]),
  );
  return {
    shown: found.filter((server) => MATCHES[query.filter](server, query)),
    counts: counts as Record<Filter, number>,
  };
}

/** All tags with the number of servers that have them, most used first. */
export function countTags(servers: readonly ServerView[]): { tag: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const tag of servers.flatMap((server) => server.tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || (a.tag < b.tag ? -1 : 1));
}
