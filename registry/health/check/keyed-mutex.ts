/** Runs work one after another for each key, in the order of the calls; keys that are idle take no memory. */
export interface KeyedMutex {
  /** Returns what `work` returns, and throws what it throws. */
  run<Value>(key: string, work: () => Promise<Value>): Promise<Value>;
  /** Fulfils when all work that was asked for has ended. */
  idle(): Promise<void>;
}

export function createKeyedMutex(): KeyedMutex {
  const tails = new Map<string, Promise<void>>();
  return {
    async run(key, work) {
      const result = (tails.get(key) ?? Promise.resolve()).then(work);
      const tail = result.then(
        () => undefined,
        () => undefined,
      );
      tails.set(key, tail);
      try {
        return await result;
      } finally {
        if (tails.get(key) === tail) tails.delete(key);
      }
    },
    async idle() {
      await Promise.all(tails.values());
    },
  };
}
