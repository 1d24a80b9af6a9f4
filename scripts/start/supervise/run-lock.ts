import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';
import { findSupervisor } from './supervisor.ts';

export interface RunLock {
  pid: number;
  /** Field 22 of /proc/<pid>/stat, "" where there is no /proc: tells a reused pid from the one that wrote it. */
  startedAt: string;
}

const lockFile = (dataDir: string) => join(dataDir, 'gateway.pid');

function readStartTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive({ pid, startedAt }: RunLock): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return readStartTime(pid) === startedAt;
}

/** Who runs a gateway on this data folder. `stale`: the file is there, but its process is not (or it is unreadable). */
export function readRunLock(dataDir: string): { state: 'free' | 'stale' } | { state: 'held'; pid: number } {
  let text: string;
  try {
    text = readFileSync(lockFile(dataDir), 'utf8');
  } catch {
    return { state: 'free' };
  }
  const [pid = '', startedAt = ''] = text.trim().split(' ');
  const lock = { pid: Number(pid), startedAt };
  return Number.isInteger(lock.pid) && lock.pid > 1 && isAlive(lock)
    ? { state: 'held', pid: lock.pid }
    : { state: 'stale' };
}

/** Takes the folder for this process and what it executes (supervise.sh removes the file); false when another start was quicker. A stale file is replaced. */
export function takeRunLock(dataDir: string): boolean {
  if (readRunLock(dataDir).state === 'stale') rmSync(lockFile(dataDir), { force: true });
  const own = `${lockFile(dataDir)}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${readStartTime(process.pid)}\n`, { mode: 0o600 });
  try {
    linkSync(own, lockFile(dataDir));
    return true;
  } catch {
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

const WAIT_MS = 10_000;

/**
 * Throws StartError when another gateway runs on this folder. After a start that was killed its processes may still be ending:
 * they are waited for, up to 10 s, and the file that it left is put right.
 */
export async function waitForRunLock(dataDir: string): Promise<void> {
  const lock = readRunLock(dataDir);
  if (lock.state === 'held')
    throw new StartError(
      `a gateway already runs on ${dataDir} (pid ${lock.pid}); stop it with "kill ${lock.pid}", or start this one with another DATA_DIR and other ports`,
    );
  if (lock.state === 'free') return;
  console.error(`${lockFile(dataDir)} was left by a gateway that is gone; putting that right.`);
  const until = Date.now() + WAIT_MS;
  while (findSupervisor(dataDir) !== null) {
    const pid = findSupervisor(dataDir);
    if (Date.now() > until)
      throw new StartError(
        `the supervisor of that gateway is still there (s6-svscan, pid ${pid}); end it with "kill ${pid}"`,
      );
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  rmSync(lockFile(dataDir), { force: true });
}
