/** Runs work with at most `fast` at once; work that takes longer than `slowMs` makes room for others, up to `slow` of such. */
export interface Slots {
  run<Value>(work: () => Promise<Value>): Promise<Value>;
}

export interface SlotsOptions {
  fast: number;
  slow: number;
  slowMs: number;
}

/**
 * Makes slots of two lanes. Servers that hang would otherwise hold up the sweep of all others: 1,000 servers with 100 that hang would
 * take as long as the hanging ones' time-outs, one after another.
 */
export function createSlots({ fast, slow, slowMs }: SlotsOptions): Slots {
  const waiting: (() => void)[] = [];
  let busy = 0;
  let slowOnes = 0;

  // The slot is handed over, never free in between, so that nobody new slips in before who waits.
  function leave(): void {
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
      let done = leave;
      const timer = setTimeout(() => {
        if (slowOnes >= slow) return;
        slowOnes += 1;
        done = () => (slowOnes -= 1);
        leave();
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
