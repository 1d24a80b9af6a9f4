import type { ConfigurationStatus, HealthStatus, ServerStatus } from '../server/status.ts';

/** What a server's status is derived from. */
export interface StatusLayers {
  enabled: boolean;
  configuration: ConfigurationStatus;
  health: HealthStatus;
}

/** Returns the status to show: disabled > rejected > pending > health. */
export function deriveStatus({ enabled, configuration, health }: StatusLayers): ServerStatus {
  if (!enabled) return 'disabled';
  return configuration === 'rejected' || configuration === 'pending' ? configuration : health;
}
