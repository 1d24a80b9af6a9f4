import { readFileSync } from 'node:fs';
import { listChildren } from '../../test/support/processes/list-processes.ts';

/** A process and all that it started, and they. */
export function listFamily(pid: number): number[] {
  return [pid, ...listChildren(pid).flatMap(listFamily)];
}

/** Proportional set size in MB (proc_pid_smaps(5)): each page counts as the share that a process has in it, so that a sum counts none twice. 0 when it is gone. */
export function readPssMb(pid: number): number {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** PSS of several processes together, in MB. */
export const sumPssMb = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + readPssMb(pid), 0);
