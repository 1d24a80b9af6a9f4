import { readFileSync } from 'node:fs';

// Linux counts in USER_HZ, which is 100 on every platform that Node runs on (proc(5)).
const US_PER_TICK = 10_000;

/** CPU time that these processes have used so far, user and system, in microseconds; those that are gone count nothing. */
export function readCpuTimeUs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return sum + (Number(fields[11]) + Number(fields[12])) * US_PER_TICK;
    } catch {
      return sum;
    }
  }, 0);
}
