export interface Joined {
  signal: AbortSignal;
  /** Lets go of the parents; the signal is not aborted by them any more. */
  done: () => void;
}

/**
 * A signal that aborts when one of `parents` does. Unlike one of AbortSignal.any it is not kept by Node for ever when somebody still listens
 * to it, as the MCP SDK does after each request; it lives no longer than its parents, or than `done`.
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
