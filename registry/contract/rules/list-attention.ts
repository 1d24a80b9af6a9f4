import type { AgentView } from '../access/agent.ts';
import type { GatewayProblem, GatewayView } from '../api/gateway.ts';
import type { StatsView } from '../api/stats.ts';
import type { ServerView } from '../server/server.ts';
import type { ToolIssueKind } from '../tools/tool-issue.ts';

type HealthKind = 'rejected' | 'unhealthy' | 'auth_required' | 'degraded';
type ProblemKind = GatewayProblem['kind'];
export type AttentionKind =
  ProblemKind | HealthKind | ToolIssueKind | 'rolled_back' | 'refusals' | 'expiring' | 'expired';

/** One reason why a server, an agent or the gateway itself needs attention. */
export interface AttentionItem {
  kind: AttentionKind;
  severity: 'danger' | 'warning';
  target: { type: 'server' | 'agent' | 'gateway'; name: string };
  /** One sentence. */
  cause: string;
  /** What to do; null: it follows from the cause. */
  remedy: string | null;
  /** When it began or began to need attention, ISO 8601; null: unknown. */
  since: string | null;
}

/** The input of `listAttention`. Each part may be absent: its items are then missing. */
export interface AttentionInput {
  servers: readonly ServerView[];
  agents?: readonly AgentView[];
  /** The gateway's own certificates. */
  certificates?: GatewayView['certificates'];
  /** Problems of the gateway itself. */
  problems?: readonly GatewayProblem[];
  /** An older generation is served. */
  rollback?: GatewayView['rollback'];
  /** Statistics of the last hour. */
  stats?: Pick<StatsView, 'servers' | 'agents'> | undefined;
  nowMs: number;
}

const DAY_MS = 86_400_000;
/** How long before its expiry a key or a certificate is listed, and how long afterwards a key is. */
const EXPIRY_NOTICE_MS = 14 * DAY_MS;
/** Refusals of an hour are unusual from this number on, where they are more than this share of the requests. */
const UNUSUAL_REFUSALS = { count: 20, share: 0.2 };

const ORDER: readonly AttentionKind[] = [
  'process_down',
  'not_enforced',
  'not_published',
  'disk',
  'config_file',
  'rolled_back',
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
  'crashed',
  'expiring',
];
const DANGERS = new Set<AttentionKind>([
  'process_down',
  'not_enforced',
  'not_published',
  'disk',
  'config_file',
  'rejected',
  'unhealthy',
  'blocked',
  'flagged',
  'expired',
]);

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

/** Remedies that do not follow from the cause. */
const REMEDIES: Partial<Record<AttentionKind, string>> = {
  blocked: 'Compare the tools with what was approved, and approve them, or disable the server.',
  changed: 'Compare the tools with what was approved, and approve them, or disable the server.',
  flagged: 'Read the texts of the tools; approve them, or disable the server.',
  malformed: 'Correct their definitions on the server.',
  refusals:
    'Find the reason: a grant may be missing, a key may have expired, or somebody is trying what is not allowed.',
};

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function toItem(
  kind: AttentionKind,
  {
    remedy = REMEDIES[kind] ?? null,
    ...rest
  }: Pick<AttentionItem, 'target' | 'cause' | 'since'> & { remedy?: string | null },
): AttentionItem {
  return { kind, severity: DANGERS.has(kind) ? 'danger' : 'warning', ...rest, remedy };
}

function listProblems(problems: readonly GatewayProblem[]): AttentionItem[] {
  return problems.map(({ kind, subject, cause, remedy, since }) =>
    toItem(kind, { target: { type: 'gateway', name: subject }, cause, remedy, since }),
  );
}

function listRollback(rollback: GatewayView['rollback']): AttentionItem[] {
  if (rollback === null) return [];
  const { generation, by, reason, at } = rollback;
  const why = [by === null ? '' : ` by ${by}`, reason === null ? '' : ` (${reason})`].join('');
  const cause = `Rolled back to generation ${generation}${why}: servers changed since have their earlier configuration`;
  const remedy =
    'It ends with the next change of a server; rolling back to the newest generation serves all of them again.';
  return [toItem('rolled_back', { target: { type: 'gateway', name: 'gateway' }, cause, remedy, since: at })];
}

/** What needs attention about one server, worst first; empty for a disabled one. */
export function listServerAttention(
  server: Pick<ServerView, 'path' | 'enabled' | 'status' | 'error' | 'healthSince' | 'rejectedSince' | 'toolIssues'>,
): AttentionItem[] {
  if (!server.enabled) return [];
  const target = { type: 'server', name: server.path } as const;
  const { status, error, healthSince, rejectedSince } = server;
  const isBad = (value: string): value is HealthKind => value in HEALTH_CAUSES;
  const items = server.toolIssues.map(({ kind, count, since }) =>
    toItem(kind, { target, cause: TOOL_CAUSES[kind](plural(count, 'tool')), since }),
  );
  if (isBad(status))
    items.push(
      toItem(status, {
        target,
        cause: error ?? HEALTH_CAUSES[status],
        since: status === 'rejected' ? rejectedSince : healthSince,
      }),
    );
  return items.sort(worstFirst);
}

/** Whether the expiry of a key needs attention: one that was created for a day or less (such as the playground's) is meant to expire. */
function isLasting({ createdAt, expiresAt }: AgentView['keys'][number]): boolean {
  return expiresAt === null || Date.parse(expiresAt) - Date.parse(createdAt) > DAY_MS;
}

/** Keys and agents that expire soon or expired recently. */
function listExpiry({ name, enabled, expiresAt, keys, createdAt }: AgentView, nowMs: number): AttentionItem[] {
  if (!enabled) return [];
  const dates = [
    { what: 'It', at: expiresAt, madeAt: createdAt },
    ...keys.filter(isLasting).map(({ label, hint, expiresAt: at, createdAt: madeAt }) => ({
      what: `Its key ${label || `…${hint}`}`,
      at,
      madeAt,
    })),
  ];
  return dates.flatMap(({ what, at, madeAt }) => {
    const leftMs = at === null ? Infinity : Date.parse(at) - nowMs;
    if (Math.abs(leftMs) > EXPIRY_NOTICE_MS) return [];
    const target = { type: 'agent', name } as const;
    const isKey = what !== 'It';
    const remedy = isKey ? 'Rotate or revoke it on the page of the agent.' : 'Set a later date, or remove it.';
    if (leftMs <= 0) return [toItem('expired', { target, cause: `${what} expired`, remedy, since: at })];
    const days = plural(Math.ceil(leftMs / DAY_MS), 'day');
    const noticedMs = Date.parse(at ?? '') - EXPIRY_NOTICE_MS;
    const since = new Date(Math.max(noticedMs, Date.parse(madeAt))).toISOString();
    return [toItem('expiring', { target, cause: `${what} expires within ${days}`, remedy, since })];
  });
}

/** Certificates of the gateway that expire soon or have expired: its clients refuse those. */
function listCertificates(certificates: GatewayView['certificates'], nowMs: number): AttentionItem[] {
  return certificates.flatMap(({ names, expiresAt }) => {
    const leftMs = Date.parse(expiresAt) - nowMs;
    if (leftMs > EXPIRY_NOTICE_MS) return [];
    const target = { type: 'gateway', name: names[0] ?? 'gateway' } as const;
    const what = `Its TLS certificate for ${names.join(', ') || 'no name'}`;
    const remedy =
      'Put the renewed certificate where TLS_CERT and TLS_KEY point: it is used within seconds, without a restart.';
    if (leftMs <= 0)
      return [
        toItem('expired', { target, cause: `${what} expired: clients refuse to connect`, remedy, since: expiresAt }),
      ];
    return [
      toItem('expiring', {
        target,
        cause: `${what} expires within ${plural(Math.ceil(leftMs / DAY_MS), 'day')}`,
        remedy,
        since: new Date(Date.parse(expiresAt) - EXPIRY_NOTICE_MS).toISOString(),
      }),
    ];
  });
}

function listRefusals({ servers, agents }: Pick<StatsView, 'servers' | 'agents'>): AttentionItem[] {
  const rows = [
    ...servers.map(({ server, ...counts }) => ({ target: { type: 'server' as const, name: server }, ...counts })),
    ...agents.map(({ agent, ...counts }) => ({ target: { type: 'agent' as const, name: agent }, ...counts })),
  ];
  return rows
    .filter(({ refused, requests }) => refused >= UNUSUAL_REFUSALS.count && refused > requests * UNUSUAL_REFUSALS.share)
    .map(({ target, refused, requests, firstRefusedAt }) =>
      toItem('refusals', {
        target,
        cause: `${refused} of ${plural(requests, 'request')} refused in the last hour`,
        since: firstRefusedAt,
      }),
    );
}

function worstFirst(a: AttentionItem, b: AttentionItem): number {
  return (
    ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
    (a.target.name < b.target.name ? -1 : a.target.name > b.target.name ? 1 : 0)
  );
}

/** Everything that needs attention, worst first. The UI's filter, badges, counts and the page *Needs review* are all derived from it. */
export function listAttention({
  servers,
  agents = [],
  certificates = [],
  problems = [],
  rollback = null,
  stats,
  nowMs,
}: AttentionInput): AttentionItem[] {
  return [
    ...listProblems(problems),
    ...listRollback(rollback),
    ...servers.flatMap(listServerAttention),
    ...agents.flatMap((agent) => listExpiry(agent, nowMs)),
    ...listCertificates(certificates, nowMs),
    ...(stats === undefined ? [] : listRefusals(stats)),
  ].sort(worstFirst);
}
