import type { AgentView } from '@mcpgw/registry/contract';
import { nextExpiry, type AgentState } from './key-status.ts';

export const AGENT_SORTS = ['name', 'used', 'calls', 'refused', 'expiry'] as const;
export type AgentSort = (typeof AGENT_SORTS)[number];
const SOON_MS = 14 * 86_400_000;

export interface AgentRowData {
  agent: AgentView;
  state: AgentState;
  calls: number;
  refused: number;
  usedAt: string | null;
}

export interface AgentFilter {
  q: string;
  /** A state, or "expiring": the agent or one of its keys expires within two weeks. '' is all. */
  state: string;
  /** Name of a group; '' is all. */
  group: string;
  /** A tag of an agent; '' is all. */
  tag: string;
}

function textOf({ name, description, owner, tags, groups, grants, keys }: AgentView): string {
  const words = [
    name,
    description,
    owner,
    ...tags,
    ...groups,
    ...grants.map(({ server }) => server),
    ...keys.flatMap((key) => [key.label, key.hint]),
  ];
  return words.join('\n').toLowerCase();
}

/** The agents that match every condition: each word of `q` occurs in name, description, grants or a key. */
export function filterAgents(
  rows: readonly AgentRowData[],
  { q, state, group, tag }: AgentFilter,
  nowMs: number,
): AgentRowData[] {
  const words = q.toLowerCase().split(/\s+/);
  return rows.filter((row) => {
    if (!words.every((word) => textOf(row.agent).includes(word))) return false;
    if (group !== '' && !row.agent.groups.includes(group)) return false;
    if (tag !== '' && !row.agent.tags.includes(tag)) return false;
    if (state === '') return true;
    if (state !== 'expiring') return row.state === state;
    const next = nextExpiry(row.agent, nowMs);
    return next !== null && Date.parse(next) - nowMs < SOON_MS;
  });
}

function keyOf({ agent, calls, refused, usedAt }: AgentRowData, sort: AgentSort, nowMs: number): number {
  if (sort === 'calls') return calls;
  if (sort === 'refused') return refused;
  if (sort === 'used') return usedAt === null ? 0 : Date.parse(usedAt);
  const next = nextExpiry(agent, nowMs);
  return next === null ? -Infinity : -Date.parse(next);
}

/** By name, or else: last used, most calls, most refused, expires next first. */
export function sortAgents(rows: readonly AgentRowData[], sort: AgentSort, nowMs: number): AgentRowData[] {
  const byName = (a: AgentRowData, b: AgentRowData): number => (a.agent.name < b.agent.name ? -1 : 1);
  if (sort === 'name') return [...rows].sort(byName);
  return [...rows].sort((a, b) => keyOf(b, sort, nowMs) - keyOf(a, sort, nowMs) || byName(a, b));
}
