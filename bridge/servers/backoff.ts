/** Delays between starts of a program that keeps failing. */
export interface Backoff {
  /** Milliseconds until the next start may be tried; 0: now. */
  waitMs: () => number;
  failed: () => void;
  succeeded: () => void;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** Creates a backoff that doubles from 1 s to 60 s; the first failure causes no delay. */
export function createBackoff(now: () => number = () => performance.now()): Backoff {
  let failures = 0;
  let readyAtMs = 0;
  return {
    waitMs: () => Math.max(0, Math.ceil(readyAtMs - now())),
    failed() {
      failures += 1;
      if (failures > 1) readyAtMs = now() + Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 2));
    },
    succeeded() {
      failures = 0;
      readyAtMs = 0;
    },
  };
}
