import type { AttentionItem, ServerView } from '@mcpgw/registry/contract';

export const SORTS = ['worst', 'name', 'calls', 'errors', 'p95', 'latency', 'tools', 'checked'] as const;
export type Sort = (typeof SORTS)[number];
export const SORT_LABELS: Record<Sort, string> = {
  worst: 'Worst first',
  name: 'Name',
  calls: 'Most calls first',
  errors: 'Most errors first',
  p95: 'Slowest calls first',
  latency: 'Slowest checks first',
  tools: 'Most tools first',
  checked: 'Recently checked first',
};

/** The data that the order of servers depends on, besides the servers themselves. */
export interface SortFacts {
  attentionOf: (path: string) => readonly AttentionItem[];
  figuresOf: (path: string) => { calls: number; errors: number; requests: number; p95Ms: number | null } | undefined;
}

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const byName = (a: ServerView, b: ServerView): number => names.compare(a.name, b.name) || names.compare(a.path, b.path);

/** Dangers before warnings before the rest; disabled servers are last. */
function urgency({ enabled }: ServerView, items: readonly AttentionItem[]): number {
  if (!enabled) return 3;
  if (items.some(({ severity }) => severity === 'danger')) return 0;
  return items.length > 0 ? 1 : 2;
}

/** The share of requests that failed, 0 to 1; null: there were none. Refusals of the gate are not errors. */
export function errorRate(figures: { errors: number; requests: number } | undefined): number | null {
  if (figures === undefined || figures.requests === 0) return null;
  return Math.min(1, figures.errors / figures.requests);
}

/** The servers in the requested order, ties by the displayed name. `isReversed` reverses the order of the column, not of the names. */
export function sortServers(
  servers: readonly ServerView[],
  sort: Sort,
  { attentionOf, figuresOf }: SortFacts,
  isReversed = false,
): ServerView[] {
  const ORDERS: Record<Sort, (server: ServerView) => number> = {
    worst: (server) => urgency(server, attentionOf(server.path)),
    name: () => 0,
    calls: ({ path }) => -(figuresOf(path)?.calls ?? 0),
    errors: ({ path }) => -(errorRate(figuresOf(path)) ?? -1),
    p95: ({ path }) => -(figuresOf(path)?.p95Ms ?? -1),
    latency: ({ latencyMs }) => -(latencyMs ?? -1),
    tools: ({ toolCount }) => -toolCount,
    checked: ({ lastCheckedAt }) => -(lastCheckedAt === null ? 0 : Date.parse(lastCheckedAt)),
  };
  const order = ORDERS[sort];
  const sign = isReversed ? -1 : 1;
  const nameSign = isReversed && sort === 'name' ? -1 : 1;
  return servers
    .map((server) => ({ server, rank: order(server) }))
    .sort((a, b) => sign * (a.rank - b.rank) || nameSign * byName(a.server, b.server))
    .map(({ server }) => server);
}
