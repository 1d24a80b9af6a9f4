import { setTimeout as sleep } from 'node:timers/promises';

/** Monotonic time, injected so that tests need not wait. */
export interface Clock {
  nowMs(): number;
  sleep(ms: number): Promise<unknown>;
}

export const SYSTEM_CLOCK: Clock = { nowMs: () => performance.now(), sleep: (ms) => sleep(ms) };
