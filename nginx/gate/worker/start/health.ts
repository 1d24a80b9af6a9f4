import { platform } from 'platform/system';
import type { Refusal } from '../../answers/refusal.ts';

let problem: string | undefined = 'the worker has not been started';

/** Why this worker must refuse every request; undefined: it need not. */
export function workerProblem(): string | undefined {
  return problem;
}

/** Sets what `workerProblem` returns, and logs it. */
export function setWorkerProblem(found: string | undefined): void {
  problem = found;
  if (found !== undefined) platform.log('error', `the gate lets no request pass: ${found}`);
}

/** Refuses every request in a worker that did not start completely. */
export function refuseUnhealthy(): Refusal | undefined {
  if (problem === undefined) return undefined;
  return {
    answer: 'unavailable',
    reason: 'gate_failed',
    message: 'the gateway cannot judge requests',
    hint: 'the operator of this gateway finds the reason in error.log',
  };
}
