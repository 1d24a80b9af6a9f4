import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The scan folder of s6 (s6-svscan), remade at every start. */
export const scanFolder = (dataDir: string) => join(dataDir, 'supervise');

/** The pid of an s6-svscan that still runs on this data folder, left by a start that was killed; null when there is none. */
export function findSupervisor(dataDir: string): number | null {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    try {
      const [command = '', folder] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return command.endsWith('s6-svscan') && folder === scanFolder(dataDir);
    } catch {
      return false;
    }
  });
  return found === undefined ? null : Number(found);
}
