import { readFileSync } from 'node:fs';

// Linux counts in USER_HZ, which is 100 on every platform that Node runs on (proc(5)).
const US_PER_TICK = 10_000;

/** Sum of fields of /proc/<pid>/stat, counted from the state; a process that has ended counts as 0. */
function sumTicks(pids: readonly number[], fields: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const values = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return sum + fields.reduce((ticks, field) => ticks + Number(values[field]), 0) * US_PER_TICK;
    } catch {
      return sum;
    }
  }, 0);
}

/** CPU time that these processes have used so far, user and system, in microseconds; those that have ended count as 0. */
export function readCpuTimeUs(pids: readonly number[]): number {
  return sumTicks(pids, [11, 12]);
}

/** The same, including their children that have ended and were waited for. */
export function readFamilyCpuUs(pids: readonly number[]): number {
  return sumTicks(pids, [11, 12, 13, 14]);
}
