import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** Counts what a registry does to its files: the database's log, access files, generations. */
export interface FileEvents {
  /** Calls `act` once, at the so many-th event from now on. */
  at: (count: number, act: () => void) => void;
  close: () => void;
}

const FOLDERS = ['.', 'access', 'access/keys', 'access/servers', 'generations'];

/**
 * Watches the data folder of a gateway that has been started. An event is no time: the same number of them lies in the same step of the
 * registry's work, however busy the machine is.
 */
export function countFileEvents({ dataDir }: { dataDir: string }): FileEvents {
  let left = 0;
  let act: (() => void) | null = null;
  const onEvent = () => {
    left -= 1;
    if (left > 0 || act === null) return;
    const due = act;
    act = null;
    due();
  };
  const watchers: FSWatcher[] = FOLDERS.map((folder) => watch(join(dataDir, folder), onEvent));
  return {
    at(count, next) {
      left = count;
      act = next;
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
