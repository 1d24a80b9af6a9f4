import { measureMemory } from './measure-memory.ts';

/** Memory of processes. To measure it is to read a file of each process of the machine, so it is done when somebody needs it. */
export interface MemoryGauge {
  /** Process → bytes of memory of all that it started; at most a second old. */
  read: () => Promise<ReadonlyMap<number, number>>;
}

/** Less than the second after which limits are enforced again. */
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
