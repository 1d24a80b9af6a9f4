import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** Counts the changes that a registry makes to its files: the database's log, access files, generations. */
export interface FileEvents {
  /** Calls `act` once, at the event with this number from now on. */
  at: (count: number, act: () => void) => void;
  close: () => void;
}

const FOLDERS = ['.', 'access', 'access/keys', 'access/servers', 'generations'];

/**
 * Watches the data folder of a gateway that has been started. Events do not depend on time: the same number of them is in the same step
 * of the registry's work, however busy the machine is.
 */
export function countFileEvents({ dataDir }: { dataDir: string }): FileEvents {
  let remaining = 0;
  let act: (() => void) | null = null;
  const onEvent = () => {
    remaining -= 1;
    if (remaining > 0 || act === null) return;
    const due = act;
    act = null;
    due();
  };
  const watchers: FSWatcher[] = FOLDERS.map((folder) => watch(join(dataDir, folder), onEvent));
  return {
    at(count, next) {
      remaining = count;
      act = next;
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
