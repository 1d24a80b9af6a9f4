import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The scan folder of s6 (s6-svscan), recreated at every start. */
export const scanFolder = (dataDir: string) => join(dataDir, 'supervise');

/** A number in scripts/services/layout, incremented when services cannot be replaced one by one because they need something new from the start. */
const LAYOUT = 'layout';

/** How long a service may take to end before it is killed. */
const TIMEOUT_KILL_MS = 8_000;
const FINISH_MS = 5_000;

/** Creates one s6 service folder for each name; its programs are links into scripts/services/, so that the scripts of the repository run. */
export function writeServiceFolders(root: string, dataDir: string, names: string[]): void {
  const programs = join(root, 'scripts/services');
  rmSync(scanFolder(dataDir), { recursive: true, force: true });
  mkdirSync(scanFolder(dataDir), { recursive: true, mode: 0o700 });
  copyFileSync(join(programs, LAYOUT), join(scanFolder(dataDir), LAYOUT));
  for (const name of names) {
    const folder = join(scanFolder(dataDir), name);
    mkdirSync(join(folder, 'log'), { recursive: true, mode: 0o700 });
    symlinkSync(join(programs, `${name}.sh`), join(folder, 'run'));
    symlinkSync(join(programs, 'end.sh'), join(folder, 'finish'));
    symlinkSync(join(programs, 'log.sh'), join(folder, 'log/run'));
    writeFileSync(join(folder, 'timeout-kill'), `${TIMEOUT_KILL_MS}\n`);
    writeFileSync(join(folder, 'timeout-finish'), `${FINISH_MS}\n`);
  }
}

/** The layout of the services in a checkout or in a scan folder; empty if there is none. */
export function layoutOf(folder: string): string {
  for (const file of [join(folder, 'scripts/services', LAYOUT), join(folder, LAYOUT)])
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      continue;
    }
  return '';
}

/** Names of the services that were started. */
export function listServices(dataDir: string): string[] {
  return readdirSync(scanFolder(dataDir), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

/** The deaths of a service so far, from lines of its finish script: `<epoch s> <exit code, 256 for a signal> <signal>`. */
export function readDeaths(dataDir: string, name: string): { exitCode: number; signal: number }[] {
  try {
    const text = readFileSync(join(scanFolder(dataDir), name, 'deaths'), 'utf8').trim();
    return text.split('\n').flatMap((line) => {
      const [, exitCode, signal] = line.split(' ').map(Number);
      return exitCode === undefined || signal === undefined ? [] : [{ exitCode, signal }];
    });
  } catch {
    return [];
  }
}

/** The last log lines of a service. */
export function readLogTail(logDir: string, name: string, lines = 15): string {
  try {
    return readFileSync(join(logDir, name, 'current'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(-lines)
      .join('\n');
  } catch {
    return '(nothing was logged)';
  }
}
