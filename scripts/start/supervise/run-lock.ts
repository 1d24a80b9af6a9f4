import { spawnSync } from 'node:child_process';
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from './is-running.ts';
import { StartError } from '../start-error.ts';

// The lock is the kernel's (flock(2)): it is released when the last process that inherited it ends for any reason. The pid in the file is
// informative only. The file is never removed, since a lock on a removed file excludes nobody.
const lockFile = (dataDir: string) => join(dataDir, 'gateway.pid');
const WAIT_S = 10;

/** Locks an open file for as long as it is open here: flock(1) locks the open file that it shares with this process. */
function lock(file: number, ...options: string[]): boolean {
  const { error, status } = spawnSync('flock', [...options, '3'], { stdio: ['ignore', 'ignore', 'inherit', file] });
  if (error !== undefined)
    throw new StartError(`flock of util-linux could not be started (${error.message}); install util-linux`);
  return status === 0;
}

/** The lock while it is held: `file` is open, and a process that inherits it holds the lock too. */
export interface RunLock {
  file: number;
  release: () => void;
}

/**
 * Locks the folder for this process; null: another process holds it. A program that this process executes (execve) does not inherit the
 * lock: supervise.sh takes it again, and exits when another start was faster.
 */
export function takeRunLock(dataDir: string): RunLock | null {
  const file = openSync(lockFile(dataDir), constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  if (!lock(file, '--nonblock')) {
    closeSync(file);
    return null;
  }
  ftruncateSync(file);
  writeSync(file, `${process.pid}\n`, 0);
  return { file, release: () => closeSync(file) };
}

/** Whether no gateway runs on the folder, nor a service of one. */
export function isRunLockFree(dataDir: string): boolean {
  try {
    const file = openSync(lockFile(dataDir), constants.O_RDONLY | constants.O_NOFOLLOW);
    const isFree = lock(file, '--nonblock');
    closeSync(file);
    return isFree;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
}

/**
 * Throws StartError if another gateway runs on this folder. After one was killed, its services may still be ending and hold the lock: waits
 * for them, up to 10 s.
 */
export function waitForRunLock(dataDir: string): void {
  let file: number;
  try {
    file = openSync(lockFile(dataDir), constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new StartError(`${lockFile(dataDir)} cannot be opened (${(error as Error).message}); remove it`);
  }
  try {
    if (lock(file, '--nonblock')) return;
    const pid = Number(readFileSync(file, 'utf8').trim());
    if (pid > 1 && isRunning(pid))
      throw new StartError(
        `a gateway already runs on ${dataDir} (pid ${pid}); stop it with "kill ${pid}", or start this one with another DATA_DIR and other ports`,
      );
    console.error(`The gateway that ran on ${dataDir} was killed; waiting for its services to end.`);
    if (!lock(file, '--timeout', String(WAIT_S)))
      throw new StartError(
        `services of that gateway are still running; find them with "fuser -v ${lockFile(dataDir)}" and end them, s6-svscan first`,
      );
  } finally {
    closeSync(file);
  }
}
