import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../registry/lib/clock.ts';

export interface TestClock extends Clock {
  /** Advances the time; sleeps that end meanwhile resolve. */
  advance(ms: number): void;
  /** Skips from sleep to sleep until `work` has ended, and returns its result. */
  runUntil<Value>(work: Promise<Value>): Promise<Value>;
}

/** Creates a clock that does not advance until a test advances it. */
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
      const ended = work.then(
        () => true,
        () => true,
      );
      // Each turn first runs what is ready.
      while (!(await Promise.race([ended, nextTurn(false)])))
        if (sleeps.size > 0) advanceTo(Math.min(...sleeps.values()));
      return work;
    },
  };
}
