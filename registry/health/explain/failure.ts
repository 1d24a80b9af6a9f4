import type { HealthStatus } from '../../contract/index.ts';

/** Why an endpoint did not pass. */
export interface Failure {
  health: Extract<HealthStatus, 'unhealthy' | 'auth_required' | 'degraded'>;
  problem: string;
  remedy: string;
  /** How specific it is: of several endpoints that were tried, the highest is reported. */
  rank: number;
  /** No other endpoint of this server can do better. */
  final: boolean;
}
