export interface Reconciler {
  /** Asks for a run. Everything asked until it begins is that one run. */
  ask(cause: string): void;
  /** Resolves when nothing runs and nothing was asked. */
  idle(): Promise<void>;
  /** Takes nothing more and resolves when the running one has ended. */
  close(): Promise<void>;
}

export interface ReconcilerOptions {
  /** One run, with everything that asked for it; never called twice at a time. What it throws goes to `onError`. */
  run: (causes: readonly string[]) => Promise<void>;
  onError: (error: unknown) => void;
  /** A run begins when nothing was asked for this long … */
  quietMs: number;
  /** … or when the first asked this long ago. */
  longestMs: number;
}

/** So many changes at once are a burst: more are on their way, and each reload costs more than waiting for them. */
const BURST = 5;
/** How many times longer a burst is gathered. On a busy machine fifty changes that are asked for at once take a second or two to arrive. */
const PATIENCE = { quiet: 4, longest: 8 };
const NO_PATIENCE = { quiet: 1, longest: 1 };

/** Makes the one that runs publishing: one at a time; changes that arrive meanwhile are one next run. */
export function createReconciler({ run, onError, quietMs, longestMs }: ReconcilerOptions): Reconciler {
  const causes = new Set<string>();
  let firstAt = 0;
  let lastSize = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let closed = false;
  let waiting: (() => void)[] = [];

  function schedule(): void {
    clearTimeout(timer);
    const patience = causes.size >= BURST || lastSize >= BURST ? PATIENCE : NO_PATIENCE;
    const leftMs = firstAt + longestMs * patience.longest - performance.now();
    timer = setTimeout(begin, Math.max(0, Math.min(quietMs * patience.quiet, leftMs)));
  }

  function begin(): void {
    timer = undefined;
    if (running !== null || causes.size === 0) return;
    const taken = [...causes];
    causes.clear();
    lastSize = taken.length;
    running = run(taken)
      .catch(onError)
      .then(() => {
        running = null;
        if (causes.size > 0 && !closed) {
          // What came during the run has waited long enough; only a burst that still goes on is gathered: its callers were just answered, and
          // send the next changes.
          firstAt = lastSize >= BURST ? performance.now() : Math.max(firstAt, performance.now() - longestMs + quietMs);
          schedule();
        } else for (const wake of waiting.splice(0)) wake();
      });
  }

  return {
    ask(cause) {
      if (closed) return;
      if (causes.size === 0) firstAt = performance.now();
      causes.add(cause);
      if (running === null) schedule();
    },
    idle() {
      if (running === null && causes.size === 0) return Promise.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      causes.clear();
      await running;
      for (const wake of waiting.splice(0)) wake();
      waiting = [];
    },
  };
}
