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
  /** Whether somebody is about to ask. Nobody: a run begins at once; else … */
  isMoreComing: () => boolean;
  /** … it begins when nothing was asked for this long … */
  quietMs: number;
  /** … or when the first asked this long ago. */
  longestMs: number;
}

/** So many changes at once are a burst: more are on their way, and each reload costs more than waiting for them. */
const BURST = 5;
/**
 * How many times longer a burst is gathered. On a busy machine fifty changes that are asked for at once take seconds to arrive; and who was just
 * answered is heard of again a little later.
 */
const PATIENCE = { quiet: 8, answering: 4, longest: 16 };

/** Makes the one that runs publishing: one at a time; changes that arrive meanwhile are one next run. */
export function createReconciler({ run, onError, isMoreComing, quietMs, longestMs }: ReconcilerOptions): Reconciler {
  const causes = new Set<string>();
  let firstAt = 0;
  let lastSize = 0;
  let timer: NodeJS.Timeout | undefined;
  let look: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let closed = false;
  let waiting: (() => void)[] = [];

  function chooseWaitMs(isAnswering: boolean): number {
    const isBurst = causes.size >= BURST || lastSize >= BURST;
    const leftMs = Math.max(0, firstAt + longestMs * (isBurst ? PATIENCE.longest : 1) - performance.now());
    if (isMoreComing()) return Math.min(quietMs * (isBurst ? PATIENCE.quiet : 1), leftMs);
    return isBurst ? Math.min(quietMs * (isAnswering ? PATIENCE.answering : 1), leftMs) : 0;
  }

  function gather(isAnswering: boolean): void {
    look = undefined;
    clearTimeout(timer);
    const waitMs = chooseWaitMs(isAnswering);
    if (waitMs === 0) begin();
    else timer = setTimeout(begin, waitMs);
  }

  function schedule(isAnswering: boolean): void {
    // Who asks is still making its own change; in a moment it no longer counts among those that come.
    look ??= setTimeout(gather, 0, isAnswering);
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
          schedule(true);
        } else for (const wake of waiting.splice(0)) wake();
      });
  }

  return {
    ask(cause) {
      if (closed) return;
      if (causes.size === 0) firstAt = performance.now();
      causes.add(cause);
      if (running === null) schedule(false);
    },
    idle() {
      if (running === null && causes.size === 0) return Promise.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      clearTimeout(look);
      causes.clear();
      await running;
      for (const wake of waiting.splice(0)) wake();
      waiting = [];
    },
  };
}
