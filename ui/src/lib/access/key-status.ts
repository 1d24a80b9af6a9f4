import type { AgentView } from '@mcpgw/registry/contract';
import type { Tone } from '../servers/status-labels.ts';

const DAY_MS = 86_400_000;
const SOON_MS = 14 * DAY_MS;

interface Expiry {
  label: string;
  tone: Tone;
}

/** "no expiry", "expired", "in 3 days": when something expires, and how near that is. */
export function describeExpiry(expiresAt: string | null, nowMs: number): Expiry {
  if (expiresAt === null) return { label: 'no expiry', tone: 'mute' };
  const leftMs = Date.parse(expiresAt) - nowMs;
  if (leftMs <= 0) return { label: 'expired', tone: 'bad' };
  if (leftMs < DAY_MS) {
    const hours = Math.max(1, Math.round(leftMs / 3_600_000));
    return { label: `in ${hours} hour${hours === 1 ? '' : 's'}`, tone: 'warn' };
  }
  const days = Math.round(leftMs / DAY_MS);
  return { label: `in ${days} day${days === 1 ? '' : 's'}`, tone: leftMs < SOON_MS ? 'warn' : 'mute' };
}

/** The first moment at which a valid key or the agent itself expires, or null. */
export function nextExpiry({ expiresAt, keys }: Pick<AgentView, 'expiresAt' | 'keys'>, nowMs: number): string | null {
  const moments = [expiresAt, ...keys.map((key) => key.expiresAt)].filter(
    (at): at is string => at !== null && Date.parse(at) > nowMs,
  );
  return moments.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
}

export const AGENT_STATES = ['active', 'disabled', 'expired', 'stopped', 'unenforced'] as const;
export type AgentState = (typeof AGENT_STATES)[number];

/** What holds of an agent: whether the gate knows its last change, a kill switch, its setting, its expiry. */
export function stateOfAgent(
  agent: Pick<AgentView, 'enabled' | 'enforced' | 'expiresAt'>,
  isKilled: boolean,
  nowMs: number,
): AgentState {
  if (!agent.enforced) return 'unenforced';
  if (isKilled) return 'stopped';
  if (!agent.enabled) return 'disabled';
  return agent.expiresAt !== null && Date.parse(agent.expiresAt) <= nowMs ? 'expired' : 'active';
}
