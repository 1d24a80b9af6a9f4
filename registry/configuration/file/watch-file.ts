export interface WatchOptions {
  /** What changes when a file does. */
  stamp: () => string;
  onChange: () => Promise<void>;
  /** How often the stamp is read. File systems that come over a network or from a host have no events, and files that are referred to lie anywhere. */
  everyMs: number;
  /** How long all must be as it is before it counts: editors write in pieces. */
  quietMs: number;
}

/** Calls `onChange` when the stamp has changed and stays as it is, one call at a time. Returns the function that ends it. */
export function watchFile({ stamp, onChange, everyMs, quietMs }: WatchOptions): () => Promise<void> {
  let known = stamp();
  let isEnded = false as boolean;
  let timer: NodeJS.Timeout;

  async function look(seen: string): Promise<void> {
    const now = stamp();
    if (now === known || now !== seen) {
      wait(now === known ? everyMs : quietMs, now);
      return;
    }
    known = now;
    await onChange();
    wait(everyMs, known);
  }
  let running: Promise<void> = Promise.resolve();
  function wait(ms: number, seen: string): void {
    if (isEnded) return;
    timer = setTimeout(() => {
      running = look(seen);
    }, ms);
    timer.unref();
  }

  wait(everyMs, known);
  return async () => {
    isEnded = true;
    clearTimeout(timer);
    await running;
  };
}
