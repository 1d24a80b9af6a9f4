/** One job at a time for each key, in the order of the calls. */
export interface KeyedMutex {
  /** Runs `job` after all earlier jobs of this key. Returns what it returns, and throws what it throws. */
  run<Value>(key: string, job: () => Promise<Value>): Promise<Value>;
  /**
   * As `run`, but calls while a job of this key has not started share that job and its outcome. Only for jobs that read their input when
   * they start: the shared job then sees a state that is at least as new.
   */
  coalesce(key: string, job: () => Promise<void>): Promise<void>;
  /** Fulfils when all jobs so far have ended. */
  idle(): Promise<void>;
}

/** Creates the mutex; idle keys take no memory. */
export function createKeyedMutex(): KeyedMutex {
  const tails = new Map<string, Promise<void>>();
  const notStarted = new Map<string, Promise<void>>();

  async function run<Value>(key: string, job: () => Promise<Value>): Promise<Value> {
    const result = (tails.get(key) ?? Promise.resolve()).then(job);
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
  }

  return {
    run,
    coalesce(key, job) {
      const shared = notStarted.get(key);
      if (shared !== undefined) return shared;
      const done = run(key, () => {
        notStarted.delete(key);
        return job();
      });
      notStarted.set(key, done);
      return done;
    },
    async idle() {
      await Promise.all(tails.values());
    },
  };
}
