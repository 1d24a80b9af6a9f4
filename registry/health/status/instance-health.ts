import type { InstanceHealth, ProbeResult } from '../../contract/index.ts';
import { explainExpiry } from './certificate-expiry.ts';

export type InstanceState = Omit<InstanceHealth, 'id' | 'url' | 'enabled'> & {
  /** Consecutive checks that passed, but slowly. */
  slow: number;
};

export interface EvaluateOptions {
  /** A check that took longer is slow. */
  slowMs: number;
  /** Requested by the operator: one failure is enough. */
  decisive: boolean;
  /** Epoch milliseconds. */
  now: number;
}

/** Consecutive failures after which an instance is down; one success marks it up again. */
export const FALL = 2;
const SLOW_CHECKS = 2;

/** An instance that was never checked counts as up, so that its first calls are tried. */
export const UNCHECKED: InstanceState = {
  up: true,
  health: 'unknown',
  failures: 0,
  slow: 0,
  latencyMs: null,
  certificateExpiresAt: null,
  problem: null,
  remedy: null,
};

/** The state of an instance after one more check. */
export function evaluateInstance(before: InstanceState, result: ProbeResult, options: EvaluateOptions): InstanceState {
  const { latencyMs, certificateExpiresAt, problem, remedy } = result;
  if (result.health === 'unhealthy') {
    const failures = before.failures + 1;
    const goesDown = options.decisive || failures >= FALL || before.health === 'unknown';
    // One failure alone may be a restart or a lost packet: the state stays until the second.
    if (!goesDown) return { ...before, failures };
    return {
      up: false,
      health: 'unhealthy',
      failures: Math.max(failures, FALL),
      slow: 0,
      latencyMs,
      certificateExpiresAt,
      problem,
      remedy,
    };
  }
  const slow = latencyMs !== null && latencyMs > options.slowMs ? before.slow + 1 : 0;
  const passed = { up: true, failures: 0, slow, latencyMs, certificateExpiresAt };
  const expiry = result.health === 'healthy' ? explainExpiry(certificateExpiresAt, options.now) : null;
  if (expiry !== null) return { ...passed, health: 'degraded', ...expiry };
  if (result.health === 'healthy' && slow >= SLOW_CHECKS)
    return {
      ...passed,
      health: 'degraded',
      problem: `It responds slowly: ${Math.round(latencyMs ?? 0)} ms for the handshake`,
      remedy: 'Check the load of the server and of its host.',
    };
  return { ...passed, health: result.health, problem, remedy };
}
