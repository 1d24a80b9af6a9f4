import type { AttentionItem, AttentionKind } from '@mcpgw/registry/contract';
import { agentHref, serverHref, type ServerTab } from '../navigation/routes.ts';
import type { Tone } from './status-labels.ts';

interface AttentionLabel {
  label: string;
  /** The tab of a server's page that shows it. */
  tab: ServerTab;
}

export const ATTENTION: Record<AttentionKind, AttentionLabel> = {
  process_down: { label: 'Process down', tab: 'overview' },
  not_enforced: { label: 'Not enforced', tab: 'overview' },
  not_published: { label: 'Not published', tab: 'overview' },
  disk: { label: 'Disk or quota', tab: 'overview' },
  config_file: { label: 'Configuration file', tab: 'overview' },
  rolled_back: { label: 'Rolled back', tab: 'overview' },
  crashed: { label: 'Crashed', tab: 'overview' },
  rejected: { label: 'Configuration rejected', tab: 'config' },
  unhealthy: { label: 'Unhealthy', tab: 'health' },
  degraded: { label: 'Degraded', tab: 'health' },
  auth_required: { label: 'Credentials required', tab: 'settings' },
  blocked: { label: 'Tools blocked', tab: 'tools' },
  flagged: { label: 'Tools flagged', tab: 'tools' },
  changed: { label: 'Tools changed', tab: 'tools' },
  malformed: { label: 'Malformed tools', tab: 'tools' },
  refusals: { label: 'Unusual refusals', tab: 'overview' },
  expiring: { label: 'Expires soon', tab: 'overview' },
  expired: { label: 'Expired', tab: 'overview' },
};

/** The kinds that the status badge of a server shows already. */
export const STATUS_KINDS: readonly AttentionKind[] = ['rejected', 'unhealthy', 'degraded', 'auth_required'];

/** The colour of an item. */
export function attentionTone({ severity }: Pick<AttentionItem, 'severity'>): Tone {
  return severity === 'danger' ? 'bad' : 'warn';
}

/** How many items each tab of a server's page shows. */
export function countByTab(items: readonly AttentionItem[]): ReadonlyMap<ServerTab, number> {
  const counts = new Map<ServerTab, number>();
  for (const { kind } of items) counts.set(ATTENTION[kind].tab, (counts.get(ATTENTION[kind].tab) ?? 0) + 1);
  return counts;
}

/** The page that shows an item. */
export function attentionHref({ kind, target }: AttentionItem): string {
  if (kind === 'refusals')
    return `/activity?${new URLSearchParams({ [target.type]: target.name, verdict: 'refused' }).toString()}`;
  if (target.type === 'gateway') return '/gateway';
  return target.type === 'agent' ? agentHref(target.name) : serverHref(target.name, ATTENTION[kind].tab);
}

/** The items of servers by path. */
export function groupByServer(items: readonly AttentionItem[]): ReadonlyMap<string, readonly AttentionItem[]> {
  const groups = new Map<string, AttentionItem[]>();
  for (const item of items)
    if (item.target.type === 'server') groups.set(item.target.name, [...(groups.get(item.target.name) ?? []), item]);
  return groups;
}
