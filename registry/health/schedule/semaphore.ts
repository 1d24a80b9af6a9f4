/** Limits how much work runs at once. */
export interface Semaphore {
  /** Returns what `work` returns, and throws what it throws. */
  run<Value>(work: () => Promise<Value>): Promise<Value>;
}

export interface SemaphoreOptions {
  /** Permits for work that has just started. */
  fast: number;
  /** Permits for work that has run for longer than `slowMs`. */
  slow: number;
  slowMs: number;
}

/**
 * Creates a semaphore with two lanes: work that takes longer than `slowMs` moves to the slow lane and makes room for other work. Otherwise
 * servers that hang would hold up the sweep of all others: 1,000 servers of which 100 hang would take as long as the timeouts of those, one
 * after another.
 */
export function createSemaphore({ fast, slow, slowMs }: SemaphoreOptions): Semaphore {
  const waiting: (() => void)[] = [];
  let busy = 0;
  let slowCount = 0;

  // The permit is handed over and never free in between, so that new work does not overtake waiting work.
  function release(): void {
    const next = waiting.shift();
    if (next === undefined) busy -= 1;
    else next();
  }

  return {
    async run(work) {
      if (busy < fast) busy += 1;
      else
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      let done = release;
      const timer = setTimeout(() => {
        if (slowCount >= slow) return;
        slowCount += 1;
        done = () => (slowCount -= 1);
        release();
      }, slowMs);
      try {
        return await work();
      } finally {
        clearTimeout(timer);
        done();
      }
    },
  };
}
