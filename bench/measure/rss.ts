import { readFileSync, writeFileSync } from 'node:fs';

/** Resident memory of a process in MB (proc_pid_status(5)): now, and the maximum since `resetPeak`. Shared pages count in full. */
export function readRss(pid: number): { nowMb: number; peakMb: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string) => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no ${name}`);
    return Number(kilobytes) / 1024;
  };
  return { nowMb: read('VmRSS'), peakMb: read('VmHWM') };
}

/** Resets the peak of a process to its current memory (5 in clear_refs, proc_pid_clear_refs(5)). */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
