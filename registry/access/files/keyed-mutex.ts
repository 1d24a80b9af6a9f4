/** One job at a time for each name. */
export interface Turns {
  /**
   * Runs `job` when nothing runs under `name`. Jobs must read what they write when they start: whoever comes while one is already waiting
   * gets that one's outcome, since it will see at least as new a state.
   */
  run(name: string, job: () => Promise<void>): Promise<void>;
}

/** Makes the turns; names that are idle take no memory. */
export function createTurns(): Turns {
  const running = new Map<string, { done: Promise<void>; next: Promise<void> | undefined }>();
  function start(name: string, job: () => Promise<void>): Promise<void> {
    const done = job();
    const turn = { done, next: undefined };
    running.set(name, turn);
    const clear = () => {
      if (running.get(name) === turn) running.delete(name);
    };
    done.then(clear, clear);
    return done;
  }
  return {
    run(name, job) {
      const turn = running.get(name);
      if (turn === undefined) return start(name, job);
      turn.next ??= turn.done.then(
        () => start(name, job),
        () => start(name, job),
      );
      return turn.next;
    },
  };
}
