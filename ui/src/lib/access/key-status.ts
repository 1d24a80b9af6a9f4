import type { AgentView } from '@mcpgw/registry/contract';
import type { Tone } from '../servers/status-labels.ts';

const DAY_MS = 86_400_000;
const SOON_MS = 14 * DAY_MS;

interface Expiry {
  label: string;
  tone: Tone;
}

/** "no expiry", "expired", "in 3 days": when something expires, with a tone for how soon. */
export function describeExpiry(expiresAt: string | null, nowMs: number): Expiry {
  if (expiresAt === null) return { label: 'no expiry', tone: 'mute' };
  const remainingMs = Date.parse(expiresAt) - nowMs;
  if (remainingMs <= 0) return { label: 'expired', tone: 'bad' };
  if (remainingMs < DAY_MS) {
    const hours = Math.max(1, Math.round(remainingMs / 3_600_000));
    return { label: `in ${hours} hour${hours === 1 ? '' : 's'}`, tone: 'warn' };
  }
  const days = Math.round(remainingMs / DAY_MS);
  return { label: `in ${days} day${days === 1 ? '' : 's'}`, tone: remainingMs < SOON_MS ? 'warn' : 'mute' };
}

/** The earliest time at which a valid key or the agent itself expires, or null. */
export function nextExpiry({ expiresAt, keys }: Pick<AgentView, 'expiresAt' | 'keys'>, nowMs: number): string | null {
  const times = [expiresAt, ...keys.map((key) => key.expiresAt)].filter(
    (at): at is string => at !== null && Date.parse(at) > nowMs,
  );
  return times.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
}

export const AGENT_STATES = ['active', 'disabled', 'expired', 'stopped', 'unenforced'] as const;
export type AgentState = (typeof AGENT_STATES)[number];

/** The state of an agent: not enforced by the gate yet, else by kill switch, setting and expiry. */
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
