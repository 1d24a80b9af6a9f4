import type { Clock } from '../../registry/lib/clock.ts';

export interface TestClock extends Clock {
  /** Lets the time pass; sleeps that end meanwhile resolve. */
  advance(ms: number): void;
  /** Skips from sleep to sleep until `work` has ended, and returns its result. */
  runUntil<Value>(work: Promise<Value>): Promise<Value>;
}

/** Creates a clock that stands still until a test moves it. */
export function createTestClock(): TestClock {
  let nowMs = 0;
  const sleeps = new Map<() => void, number>();

  function advanceTo(ms: number): void {
    nowMs = ms;
    for (const [wake, atMs] of sleeps)
      if (atMs <= nowMs) {
        sleeps.delete(wake);
        wake();
      }
  }

  return {
    nowMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise<void>((resolve, reject) => {
        sleeps.set(resolve, nowMs + ms);
        signal?.addEventListener('abort', () => {
          sleeps.delete(resolve);
          reject(signal.reason as Error);
        });
      }),
    advance: (ms) => advanceTo(nowMs + ms),
    async runUntil(work) {
      let hasEnded = false;
      const end = () => (hasEnded = true);
      void work.then(end, end);
      while (!hasEnded) {
        await new Promise((resolve) => setImmediate(resolve));
        if (!hasEnded && sleeps.size > 0) advanceTo(Math.min(...sleeps.values()));
      }
      return work;
    },
  };
}
