import { watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';

export interface WatchOptions {
  /** What changes when the file does; read often. Null: unknown, read again. */
  stamp: () => string;
  /** The file that is watched now; null: none. */
  file: () => string | null;
  onChange: () => Promise<void>;
  /** How often the stamp is read, for file systems without events. */
  everyMs: number;
  /** How long a file must be as it is before it counts: editors write in pieces. */
  quietMs: number;
}

/** Calls `onChange` when the stamp has changed and stays as it is, one call at a time. Returns the function that ends it. */
export function watchFile({ stamp, file, onChange, everyMs, quietMs }: WatchOptions): () => Promise<void> {
  let known = stamp();
  let pending: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let watcher: FSWatcher | undefined;
  let watched: string | null = null;

  function checkFile(): void {
    const now = stamp();
    if (now === known) return;
    clearTimeout(pending);
    pending = setTimeout(() => {
      if (stamp() !== now) {
        checkFile();
        return;
      }
      known = now;
      running = running.then(onChange);
    }, quietMs);
  }

  function follow(): void {
    const name = file();
    if (name === watched) return;
    watcher?.close();
    watched = name;
    if (name === null) return;
    try {
      // The folder: an editor replaces the file, and Kubernetes a link beside it.
      watcher = watch(dirname(name), { persistent: false }, checkFile);
      watcher.on('error', () => watcher?.close());
    } catch {
      watcher = undefined; // The timer is enough.
    }
  }

  follow();
  const timer = setInterval(() => {
    follow();
    checkFile();
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    clearTimeout(pending);
    watcher?.close();
    await running;
  };
}
