import type { AppliedStatus, DeclaredStatus, ObservedStatus, ServerStatus, ServerView } from '@mcpgw/registry/contract';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'hold' | 'mute';
export interface StatusWord {
  word: string;
  tone: Tone;
  /** What it means, in one sentence. */
  meaning: string;
}

export const OBSERVED: Record<ObservedStatus, StatusWord> = {
  healthy: { word: 'Healthy', tone: 'ok', meaning: 'The last check found the server working.' },
  degraded: {
    word: 'Degraded',
    tone: 'warn',
    meaning: 'It works, but not as it should: slow, or some instances are down.',
  },
  unhealthy: { word: 'Unhealthy', tone: 'bad', meaning: 'The last checks failed. Agents are still routed to it.' },
  auth_required: {
    word: 'Needs credentials',
    tone: 'hold',
    meaning: 'The server wants credentials that are missing or wrong.',
  },
  checking: { word: 'Checking', tone: 'info', meaning: 'A check is running.' },
  dormant: { word: 'Dormant', tone: 'mute', meaning: 'It sleeps until somebody calls it.' },
  unknown: { word: 'Not checked', tone: 'mute', meaning: 'Nothing has been checked yet.' },
};
export const APPLIED: Record<AppliedStatus, StatusWord> = {
  live: { word: 'Live', tone: 'ok', meaning: 'NGINX was proven to serve it.' },
  pending: { word: 'Publishing', tone: 'info', meaning: 'NGINX does not serve this change yet.' },
  set_aside: {
    word: 'Set aside',
    tone: 'bad',
    meaning: 'NGINX does not accept its part, so it is left out; all others are served.',
  },
  off: { word: 'Off', tone: 'mute', meaning: 'NGINX does not serve it.' },
};
export const DECLARED: Record<DeclaredStatus, StatusWord> = {
  enabled: { word: 'Enabled', tone: 'ok', meaning: 'Agents may use it.' },
  disabled: { word: 'Disabled', tone: 'mute', meaning: 'Agents are refused.' },
};
export const STATUS: Record<ServerStatus, StatusWord> = {
  ...OBSERVED,
  disabled: DECLARED.disabled,
  set_aside: APPLIED.set_aside,
  pending: APPLIED.pending,
};

/** disabled > set_aside > pending > observed, as the contract derives it; here for changes that are shown before they are confirmed. */
export function deriveShown(view: Pick<ServerView, 'declared' | 'applied' | 'observed'>): ServerStatus {
  if (view.declared === 'disabled') return 'disabled';
  if (view.applied === 'set_aside' || view.applied === 'pending') return view.applied;
  return view.observed;
}

const TROUBLE: readonly ServerStatus[] = ['unhealthy', 'degraded', 'auth_required', 'set_aside'];
/** Whether somebody should look at it. */
export function hasIssue(view: Pick<ServerView, 'status'>): boolean {
  return TROUBLE.includes(view.status);
}
