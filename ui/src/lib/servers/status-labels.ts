import type { AppliedStatus, DeclaredStatus, ObservedStatus, ServerStatus, ServerView } from '@mcpgw/registry/contract';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'hold' | 'mute';
export interface StatusLabel {
  label: string;
  tone: Tone;
  /** One sentence, shown as a tooltip. */
  description: string;
}

export const OBSERVED: Record<ObservedStatus, StatusLabel> = {
  healthy: { label: 'Healthy', tone: 'ok', description: 'The last check succeeded.' },
  degraded: {
    label: 'Degraded',
    tone: 'warn',
    description: 'It works, but is slow, or some instances are unhealthy.',
  },
  unhealthy: { label: 'Unhealthy', tone: 'bad', description: 'Recent checks failed. Requests are still routed to it.' },
  auth_required: {
    label: 'Credentials required',
    tone: 'hold',
    description: 'The server requires credentials, which are missing or invalid.',
  },
  checking: { label: 'Checking', tone: 'info', description: 'A check is running.' },
  dormant: { label: 'Dormant', tone: 'mute', description: 'It sleeps until somebody calls it.' },
  unknown: { label: 'Not checked', tone: 'mute', description: 'No check has completed yet.' },
};
export const APPLIED: Record<AppliedStatus, StatusLabel> = {
  live: { label: 'Live', tone: 'ok', description: 'Live in NGINX (verified).' },
  pending: { label: 'Publishing', tone: 'info', description: 'The change is not live in NGINX yet.' },
  set_aside: {
    label: 'Rejected: invalid configuration',
    tone: 'bad',
    description: 'NGINX rejected the configuration of this server. All other servers are live.',
  },
  off: { label: 'Off', tone: 'mute', description: 'Not part of the NGINX configuration.' },
};
export const DECLARED: Record<DeclaredStatus, StatusLabel> = {
  enabled: { label: 'Enabled', tone: 'ok', description: 'Agents can use it.' },
  disabled: { label: 'Disabled', tone: 'mute', description: 'Requests of agents are refused.' },
};
export const STATUS: Record<ServerStatus, StatusLabel> = {
  ...OBSERVED,
  disabled: DECLARED.disabled,
  set_aside: APPLIED.set_aside,
  pending: APPLIED.pending,
};

/** disabled > set_aside > pending > observed, as in the contract; needed here for optimistic changes. */
export function deriveStatus(view: Pick<ServerView, 'declared' | 'applied' | 'observed'>): ServerStatus {
  if (view.declared === 'disabled') return 'disabled';
  if (view.applied === 'set_aside' || view.applied === 'pending') return view.applied;
  return view.observed;
}

const ATTENTION: readonly ServerStatus[] = ['unhealthy', 'degraded', 'auth_required', 'set_aside'];
/** Whether the server needs attention. */
export function needsAttention(view: Pick<ServerView, 'status'>): boolean {
  return ATTENTION.includes(view.status);
}
