import type { AgentView } from '../access/agent.ts';
import type { StatsView } from '../api/stats.ts';
import type { ServerView } from '../server/server.ts';
import type { ToolIssueKind } from '../tools/tool-issue.ts';

type HealthKind = 'rejected' | 'unhealthy' | 'auth_required' | 'degraded';
export type AttentionKind = HealthKind | ToolIssueKind | 'refusals' | 'expiring' | 'expired';

/** One reason why a server or an agent needs attention. */
export interface AttentionItem {
  kind: AttentionKind;
  severity: 'danger' | 'warning';
  target: { type: 'server' | 'agent'; name: string };
  /** One sentence. */
  cause: string;
  /** Since when it is so, or is worth attention; ISO 8601; null: not known. */
  since: string | null;
}

/** The input of `listAttention`. Each part may be absent: the items of it are then missing. */
export interface AttentionInput {
  servers: readonly ServerView[];
  agents?: readonly AgentView[];
  /** Of the last hour. */
  stats?: Pick<StatsView, 'servers' | 'agents'> | undefined;
  nowMs: number;
}

const DAY_MS = 86_400_000;
/** A key is mentioned so long before and after it expires. */
const EXPIRY_NOTICE_MS = 14 * DAY_MS;
/** Refusals of an hour are unusual from this number on, where they are more than this share of the requests. */
const UNUSUAL_REFUSALS = { count: 20, share: 0.2 };

const ORDER: readonly AttentionKind[] = [
  'rejected',
  'unhealthy',
  'blocked',
  'flagged',
  'changed',
  'auth_required',
  'expired',
  'refusals',
  'degraded',
  'malformed',
  'expiring',
];
const DANGERS = new Set<AttentionKind>(['rejected', 'unhealthy', 'blocked', 'flagged', 'expired']);

const HEALTH_CAUSES: Record<HealthKind, string> = {
  rejected: 'NGINX rejected its configuration',
  unhealthy: 'Checks fail',
  auth_required: 'It requires credentials',
  degraded: 'It is slow, or some instances are unhealthy',
};
const TOOL_CAUSES: Record<ToolIssueKind, (count: string) => string> = {
  blocked: (count) => `${count} blocked until approved`,
  changed: (count) => `${count} changed and not approved`,
  flagged: (count) => `${count} flagged: text that may steer a model`,
  malformed: (count) => `${count} malformed and left out`,
};

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function toItem(kind: AttentionKind, rest: Pick<AttentionItem, 'target' | 'cause' | 'since'>): AttentionItem {
  return { kind, severity: DANGERS.has(kind) ? 'danger' : 'warning', ...rest };
}

/** What needs attention about one server, worst first; empty for a disabled one. */
export function listServerAttention(
  server: Pick<ServerView, 'path' | 'enabled' | 'status' | 'error' | 'healthSince' | 'toolIssues'>,
): AttentionItem[] {
  if (!server.enabled) return [];
  const target = { type: 'server', name: server.path } as const;
  const { status, error, healthSince } = server;
  const isBad = (value: string): value is HealthKind => value in HEALTH_CAUSES;
  const items = server.toolIssues.map(({ kind, count, since }) =>
    toItem(kind, { target, cause: TOOL_CAUSES[kind](plural(count, 'tool')), since }),
  );
  if (isBad(status))
    items.push(
      toItem(status, {
        target,
        cause: error ?? HEALTH_CAUSES[status],
        since: status === 'rejected' ? null : healthSince,
      }),
    );
  return items.sort(worstFirst);
}

/** A key that was made to last a day or less (such as the playground's) expires as it should. */
function isLasting({ createdAt, expiresAt }: AgentView['keys'][number]): boolean {
  return expiresAt === null || Date.parse(expiresAt) - Date.parse(createdAt) > DAY_MS;
}

/** Keys and agents that expire soon or expired lately. */
function listExpiry({ name, enabled, expiresAt, keys }: AgentView, nowMs: number): AttentionItem[] {
  if (!enabled) return [];
  const dates = [
    { what: 'It', at: expiresAt },
    ...keys.filter(isLasting).map(({ label, hint, expiresAt: at }) => ({ what: `Its key ${label || `…${hint}`}`, at })),
  ];
  return dates.flatMap(({ what, at }) => {
    const leftMs = at === null ? Infinity : Date.parse(at) - nowMs;
    if (Math.abs(leftMs) > EXPIRY_NOTICE_MS) return [];
    const target = { type: 'agent', name } as const;
    if (leftMs <= 0) return [toItem('expired', { target, cause: `${what} expired`, since: at })];
    const days = plural(Math.ceil(leftMs / DAY_MS), 'day');
    const since = new Date(Date.parse(at ?? '') - EXPIRY_NOTICE_MS).toISOString();
    return [toItem('expiring', { target, cause: `${what} expires within ${days}`, since })];
  });
}

function listRefusals({ servers, agents }: Pick<StatsView, 'servers' | 'agents'>): AttentionItem[] {
  const rows = [
    ...servers.map(({ server, ...counts }) => ({ target: { type: 'server' as const, name: server }, ...counts })),
    ...agents.map(({ agent, ...counts }) => ({ target: { type: 'agent' as const, name: agent }, ...counts })),
  ];
  return rows
    .filter(({ refused, requests }) => refused >= UNUSUAL_REFUSALS.count && refused > requests * UNUSUAL_REFUSALS.share)
    .map(({ target, refused, requests }) =>
      toItem('refusals', {
        target,
        cause: `${refused} of ${plural(requests, 'request')} refused in the last hour`,
        since: null,
      }),
    );
}

function worstFirst(a: AttentionItem, b: AttentionItem): number {
  return (
    ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
    (a.target.name < b.target.name ? -1 : a.target.name > b.target.name ? 1 : 0)
  );
}

/** Everything that needs attention, worst first. The UI's filter, badges, counts and the page *Needs review* all come from it. */
export function listAttention({ servers, agents = [], stats, nowMs }: AttentionInput): AttentionItem[] {
  return [
    ...servers.flatMap(listServerAttention),
    ...agents.flatMap((agent) => listExpiry(agent, nowMs)),
    ...(stats === undefined ? [] : listRefusals(stats)),
  ].sort(worstFirst);
}
