import type { ConfigurationStatus, HealthStatus, ServerStatus } from '@mcpgw/registry/contract';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'hold' | 'mute';
export interface StatusLabel {
  label: string;
  tone: Tone;
  /** One sentence, shown as a tooltip. */
  description: string;
}

export const HEALTH_LABELS: Record<HealthStatus, StatusLabel> = {
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
  idle: { label: 'Idle', tone: 'mute', description: 'It is started on the next call.' },
  unknown: { label: 'Not checked', tone: 'mute', description: 'No check has completed yet.' },
};
export const CONFIGURATION_LABELS: Record<ConfigurationStatus, StatusLabel> = {
  live: { label: 'Live', tone: 'ok', description: 'Live in NGINX (verified).' },
  pending: { label: 'Publishing', tone: 'info', description: 'The change is not live in NGINX yet.' },
  rejected: {
    label: 'Rejected: invalid configuration',
    tone: 'bad',
    description: 'NGINX rejected the configuration of this server. All other servers are live.',
  },
  off: { label: 'Off', tone: 'mute', description: 'Not part of the NGINX configuration.' },
};
export const SETTING_LABELS: Record<'enabled' | 'disabled', StatusLabel> = {
  enabled: { label: 'Enabled', tone: 'ok', description: 'Agents can use it.' },
  disabled: { label: 'Disabled', tone: 'mute', description: 'Requests of agents are refused.' },
};
export const STATUS: Record<ServerStatus, StatusLabel> = {
  ...HEALTH_LABELS,
  disabled: SETTING_LABELS.disabled,
  rejected: CONFIGURATION_LABELS.rejected,
  pending: CONFIGURATION_LABELS.pending,
};
export const STOPPED: StatusLabel = {
  label: 'Stopped',
  tone: 'bad',
  description: 'A kill switch is on: every call is refused.',
};
