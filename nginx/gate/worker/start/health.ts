import { platform } from 'platform/system';
import type { Refusal } from '../../answers/refusal.ts';

let problem: string | undefined = 'the worker has not been started';

/** Why this worker may let no request pass; undefined: it may. */
export function workerProblem(): string | undefined {
  return problem;
}

/** Sets what `workerProblem` returns, and logs it. */
export function setWorkerProblem(found: string | undefined): void {
  problem = found;
  if (found !== undefined) platform.log('error', `the gate lets no request pass: ${found}`);
}

/** Refuses everything in a worker that could not be started whole. */
export function refuseUnhealthy(): Refusal | undefined {
  if (problem === undefined) return undefined;
  return {
    answer: 'unavailable',
    reason: 'gate_failed',
    message: 'the gateway cannot judge requests',
    hint: 'the operator of this gateway finds the reason in error.log',
  };
}
