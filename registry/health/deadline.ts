export interface Deadline {
  signal: AbortSignal;
  /** Lets go of timer and parents; the signal is not aborted by them any more. */
  done(): void;
}

/**
 * A signal that aborts after `timeoutMs`, or when one of `parents` does. Unlike AbortSignal.any and AbortSignal.timeout it leaves nothing
 * behind once it is done, which counts where thousands are made over one parent that lives as long as the process.
 */
export function createDeadline(timeoutMs: number, ...parents: readonly AbortSignal[]): Deadline {
  const controller = new AbortController();
  const forward = (event: Event) => {
    controller.abort((event.target as AbortSignal).reason);
  };
  for (const parent of parents)
    if (parent.aborted) controller.abort(parent.reason);
    else parent.addEventListener('abort', forward, { once: true });
  const timer = setTimeout(() => {
    controller.abort(new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError'));
  }, timeoutMs);
  return {
    signal: controller.signal,
    done() {
      clearTimeout(timer);
      for (const parent of parents) parent.removeEventListener('abort', forward);
    },
  };
}
