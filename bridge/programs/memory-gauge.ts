import { measureMemory } from './measure-memory.ts';

/** Memory of processes. Measuring reads a file of each process of the machine, so it happens only on demand. */
export interface MemoryGauge {
  /** Processes, each with the bytes of memory of its process tree; at most a second old. */
  read: () => Promise<ReadonlyMap<number, number>>;
}

/** Less than the interval of one second at which limits are enforced. */
const FRESH_MS = 900;

/** Creates a gauge; `measure` is for tests. */
export function createMemoryGauge(measure = measureMemory): MemoryGauge {
  let last: Promise<ReadonlyMap<number, number>> | undefined;
  return {
    read() {
      if (last !== undefined) return last;
      const begun = measure();
      last = begun;
      void begun.finally(() => setTimeout(() => (last = undefined), FRESH_MS).unref());
      return begun;
    },
  };
}
