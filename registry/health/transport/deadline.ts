export interface Joined {
  signal: AbortSignal;
  /** Removes the listeners from the parents; they no longer abort the signal. */
  done: () => void;
}

/**
 * A signal that aborts when one of `parents` does. Unlike one of AbortSignal.any it can be garbage-collected after its parents, or after `done`,
 * even if something still listens to it, as the MCP SDK does after each request.
 */
export function joinSignals(...parents: readonly AbortSignal[]): Joined & { abort: (reason: unknown) => void } {
  const controller = new AbortController();
  const forward = (event: Event) => {
    controller.abort((event.target as AbortSignal).reason);
  };
  for (const parent of parents)
    if (parent.aborted) controller.abort(parent.reason);
    else parent.addEventListener('abort', forward, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => {
      controller.abort(reason);
    },
    done() {
      for (const parent of parents) parent.removeEventListener('abort', forward);
    },
  };
}

/** A signal that aborts after `timeoutMs`, or when one of `parents` does; `done` ends the timer too. */
export function createDeadline(timeoutMs: number, ...parents: readonly AbortSignal[]): Joined {
  const { signal, abort, done } = joinSignals(...parents);
  const timer = setTimeout(() => {
    abort(new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError'));
  }, timeoutMs);
  return {
    signal,
    done() {
      clearTimeout(timer);
      done();
    },
  };
}
