import type { InstanceHealth, ProbeResult } from '../../contract/index.ts';

export type InstanceState = Omit<InstanceHealth, 'id' | 'url' | 'enabled'> & {
  /** Checks that passed, but slowly, one after another. */
  slow: number;
};

export interface JudgeOptions {
  /** A check that took longer is slow. */
  slowMs: number;
  /** The operator asked: one failure is enough. */
  decisive: boolean;
}

/** Failures one after another that make an instance fall; one success makes it rise (DESIGN §8). */
export const FALL = 2;
const SLOW_CHECKS = 2;

/** What an instance that was never looked at counts as: up, so that its first calls are tried. */
export const UNSEEN: InstanceState = {
  up: true,
  observed: 'unknown',
  failures: 0,
  slow: 0,
  latencyMs: null,
  problem: null,
  remedy: null,
};

/** The state of an instance after one more check. */
export function judgeInstance(before: InstanceState, result: ProbeResult, options: JudgeOptions): InstanceState {
  const { latencyMs, problem, remedy } = result;
  if (result.observed === 'unhealthy') {
    const failures = before.failures + 1;
    const falls = options.decisive || failures >= FALL || before.observed === 'unknown';
    // One failure alone may be a restart or a lost packet: what was known stands until the second.
    if (!falls) return { ...before, failures };
    return {
      up: false,
      observed: 'unhealthy',
      failures: Math.max(failures, FALL),
      slow: 0,
      latencyMs,
      problem,
      remedy,
    };
  }
  const slow = latencyMs !== null && latencyMs > options.slowMs ? before.slow + 1 : 0;
  const passed = { up: true, failures: 0, slow, latencyMs };
  if (result.observed === 'healthy' && slow >= SLOW_CHECKS)
    return {
      ...passed,
      observed: 'degraded',
      problem: `it answers slowly: ${Math.round(latencyMs ?? 0)} ms for the handshake`,
      remedy: 'Look at the load of the server and of its machine.',
    };
  return { ...passed, observed: result.observed, problem, remedy };
}
