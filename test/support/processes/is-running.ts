import { readFileSync } from 'node:fs';

/** Whether a process runs; one that has ended and was not reaped yet does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
