import type { ConfigurationStatus, HealthStatus, ServerStatus } from '../server/status.ts';

/** What a server's status is derived from. */
export interface StatusLayers {
  enabled: boolean;
  configuration: ConfigurationStatus;
  health: HealthStatus;
  /** False: the gate does not enforce yet that it is disabled. Absent: it does. */
  isEnforced?: boolean;
}

/** Returns the status to show: disabled > rejected > pending > health. What is not enforced yet is pending. */
export function deriveStatus({ enabled, configuration, health, isEnforced = true }: StatusLayers): ServerStatus {
  if (!isEnforced) return 'pending';
  if (!enabled) return 'disabled';
  return configuration === 'rejected' || configuration === 'pending' ? configuration : health;
}
