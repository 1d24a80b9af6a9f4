/** One job at a time for each name. */
export interface KeyedMutex {
  /**
   * Runs `job` when nothing runs under `name`. Jobs must read what they write when they start: whoever comes while one is already waiting
   * gets that one's outcome, since it will see at least as new a state.
   */
  run(name: string, job: () => Promise<void>): Promise<void>;
}

/** Creates the mutex; names that are idle take no memory. */
export function createKeyedMutex(): KeyedMutex {
  const running = new Map<string, { done: Promise<void>; next: Promise<void> | undefined }>();
  function start(name: string, job: () => Promise<void>): Promise<void> {
    const done = job();
    const entry = { done, next: undefined };
    running.set(name, entry);
    const clear = () => {
      if (running.get(name) === entry) running.delete(name);
    };
    done.then(clear, clear);
    return done;
  }
  return {
    run(name, job) {
      const entry = running.get(name);
      if (entry === undefined) return start(name, job);
      entry.next ??= entry.done.then(
        () => start(name, job),
        () => start(name, job),
      );
      return entry.next;
    },
  };
}
