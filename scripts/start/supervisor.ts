import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The scan folder of s6 (s6-svscan), remade at every start. */
export const scanFolder = (dataDir: string) => join(dataDir, 'supervise');

/**
 * Starts s6-svscan on the scan folder, in a session of its own, so that Ctrl-C reaches this process alone and services end in order.
 * `--pdeathsig`: when this process is killed, s6-svscan gets SIGTERM from the kernel and ends all of it (prctl(2), PR_SET_PDEATHSIG).
 */
export function startSupervisor(dataDir: string, env: Record<string, string | undefined>): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'TERM', 's6-svscan', scanFolder(dataDir)], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
  });
}

/** Ends every service in order, loggers last (s6-svscan does so on SIGTERM), and resolves when the last is gone. */
export function stopSupervisor(supervisor: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (supervisor.exitCode !== null || supervisor.signalCode !== null) {
      resolve();
      return;
    }
    supervisor.once('exit', () => {
      resolve();
    });
    supervisor.kill('SIGTERM');
  });
}

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
