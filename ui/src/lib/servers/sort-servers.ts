import type { AttentionItem, ServerView } from '@mcpgw/registry/contract';

export const SORTS = ['worst', 'name', 'latency', 'tools', 'checked'] as const;
export type Sort = (typeof SORTS)[number];
export const SORT_LABELS: Record<Sort, string> = {
  worst: 'Worst first',
  name: 'Name',
  latency: 'Slowest first',
  tools: 'Most tools first',
  checked: 'Checked last first',
};

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const byName = (a: ServerView, b: ServerView): number => names.compare(a.name, b.name) || names.compare(a.path, b.path);

/** Dangers before warnings before the rest; disabled servers are last. */
function urgency({ enabled }: ServerView, items: readonly AttentionItem[]): number {
  if (!enabled) return 3;
  if (items.some(({ severity }) => severity === 'danger')) return 0;
  return items.length > 0 ? 1 : 2;
}

/** The servers in the order that is asked for; equal ones by the name as it is shown. */
export function sortServers(
  servers: readonly ServerView[],
  sort: Sort,
  attentionOf: (path: string) => readonly AttentionItem[],
): ServerView[] {
  const ORDERS: Record<Sort, (server: ServerView) => number> = {
    worst: (server) => urgency(server, attentionOf(server.path)),
    name: () => 0,
    latency: ({ latencyMs }) => -(latencyMs ?? -1),
    tools: ({ toolCount }) => -toolCount,
    checked: ({ lastCheckedAt }) => -(lastCheckedAt === null ? 0 : Date.parse(lastCheckedAt)),
  };
  const order = ORDERS[sort];
  return servers
    .map((server) => ({ server, rank: order(server) }))
    .sort((a, b) => a.rank - b.rank || byName(a.server, b.server))
    .map(({ server }) => server);
}
