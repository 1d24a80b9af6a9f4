export interface WatchOptions {
  /** Returns a text that differs after the file has changed. */
  stamp: () => string;
  onChange: () => Promise<void>;
  /** How often the stamp is read. Polling, since network and host file systems emit no events and referenced files may be anywhere. */
  everyMs: number;
  /** How long the stamp must be unchanged before a change is reported: editors write in several steps. */
  quietMs: number;
}

/** Polls the stamp and calls `onChange` when it has changed and is stable, one call at a time. Returns the function that stops it. */
export function watchFile({ stamp, onChange, everyMs, quietMs }: WatchOptions): () => Promise<void> {
  let known = stamp();
  let isEnded = false as boolean;
  let timer: NodeJS.Timeout;

  async function check(seen: string): Promise<void> {
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
      running = check(seen);
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
