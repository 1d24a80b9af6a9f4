import { setTimeout as sleep } from 'node:timers/promises';

/** Monotonic time, injected so that tests need not wait. */
export interface Clock {
  nowMs(): number;
  /** Resolves after `ms`; rejects when `signal` is aborted before. */
  sleep(ms: number, signal?: AbortSignal): Promise<unknown>;
}

export const SYSTEM_CLOCK: Clock = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};
