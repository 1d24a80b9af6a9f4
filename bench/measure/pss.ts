import { readFileSync } from 'node:fs';
import { listChildren } from '../../test/support/processes/list-processes.ts';

/** A process and all of its descendants. */
export function listProcessTree(pid: number): number[] {
  return [pid, ...listChildren(pid).flatMap(listProcessTree)];
}

/** Proportional set size in MB (proc_pid_smaps(5)): each page is divided by the number of processes that share it, so that sums count none twice. 0 if the process has ended. */
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
