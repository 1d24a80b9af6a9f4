import type { Platform, WatchEvent } from '../../platform/types.d.ts';

/**
 * Receives what changed: one file, or possibly everything.
 * @noSelf
 */
export interface Changes {
  onFile(folder: FolderName, file: string): void;
  onAll(): void;
}

/** Folders of the access files, relative to the access folder. */
export type FolderName = '' | 'keys/' | 'servers/';

/**
 * One inotify queue on the access folder, its subfolders and, for moves, all folders above.
 * @noSelf
 */
export interface FolderWatch {
  /** Whether every change until now has been passed to `Changes`. False: the files themselves must be checked. */
  drain(): boolean;
  /** Reopens the queue at the next `drain`: a change was missed. */
  reopen(): void;
}

const RETRY_S = 1;

/** Folders above `path`, from the top; `/` cannot be moved. */
function listAncestors(path: string): string[] {
  const found: string[] = [];
  for (let at = 1; at < path.length; at += 1)
    if (path.charAt(at) === '/' && at + 1 < path.length) found.push(path.substring(0, at));
  return found;
}

/** `folder` is absolute and ends in "/". Nothing is opened before the first `drain`. */
export function createFolderWatch(platform: Platform, folder: string, changes: Changes): FolderWatch {
  let queue: number | undefined;
  let names: Record<number, FolderName | undefined> = {};
  let mustOpen = true;
  let retryAtS = 0;
  let lastMessage: string | undefined;

  function close(): void {
    if (queue !== undefined) platform.closeQueue(queue);
    queue = undefined;
    names = {};
  }

  function watchAll(opened: number): string | undefined {
    // From the top: a folder that is moved before its watch exists is then found at its new path, and a later move is an event.
    // A folder that may be entered but not listed cannot be watched; the recheck of the files compensates for that.
    for (const ancestor of listAncestors(folder)) platform.watchFolder(opened, ancestor, true);
    for (const name of ['', 'keys/', 'servers/'] as const) {
      const [watch, message] = platform.watchFolder(opened, folder + name);
      if (watch === undefined) return message;
      names[watch] = name;
    }
    return undefined;
  }

  function open(): void {
    close();
    mustOpen = false;
    const [opened, refused] = platform.openQueue();
    queue = opened;
    const message = opened === undefined ? refused : watchAll(opened);
    // Without a queue each file is checked before its record is used; with a new one, what was read before it may be stale.
    if (message === undefined) changes.onAll();
    else {
      close();
      retryAtS = platform.now() + RETRY_S;
      if (message !== lastMessage)
        platform.log('warn', `access files are checked for each request, because ${message}`);
    }
    lastMessage = message;
  }

  function handle(watch: number, event: WatchEvent, file: string): void {
    const name = names[watch];
    if (event === 'overflow') changes.onAll();
    else if (event === 'folder') mustOpen = true;
    else if (name !== undefined) {
      if (name === '' && (file === 'keys' || file === 'servers')) mustOpen = true;
      // An empty name is the folder itself, such as its permissions.
      if (file === '') changes.onAll();
      else changes.onFile(name, file);
    }
  }

  return {
    drain() {
      if (queue === undefined) {
        if (!mustOpen && platform.now() < retryAtS) return false;
      } else {
        const [count] = platform.drainQueue(queue, handle);
        if (count === undefined) mustOpen = true;
        if (!mustOpen) return true;
      }
      open();
      return queue !== undefined;
    },
    reopen() {
      mustOpen = true;
    },
  };
}
