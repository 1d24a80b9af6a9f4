import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/**
 * Lowers the scheduling priority of the calling thread alone: Linux has a nice value for each thread, and takes a thread's id where POSIX has
 * a process's (setpriority(2), "C library/kernel differences"). Where that is not possible, nothing changes.
 */
export function lowerThreadPriority(niceValue: number): void {
  try {
    // proc(5): a link to <pid>/task/<tid> of the thread that reads it.
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), niceValue);
  } catch {
    // It costs latency beside load, not function.
  }
}
