import type { ObservedStatus } from '../../contract/index.ts';

/** Why an endpoint did not pass, in words. */
export interface Failure {
  observed: Extract<ObservedStatus, 'unhealthy' | 'auth_required' | 'degraded'>;
  problem: string;
  remedy: string;
  /** The higher, the more it tells: of several endpoints that were tried, the highest is reported. */
  rank: number;
  /** No other endpoint of this server can do better. */
  final: boolean;
}
