import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface WorkerProcess {
  pid: number;
  /** True: it has stopped accepting and finishes its requests. */
  draining: boolean;
  /** Clock ticks since boot at which it was started: distinguishes the workers of one reload from those of another. */
  startTicks: number;
}

/** Whether processes can be listed here (Linux). */
export const CAN_SEE_PROCESSES = existsSync('/proc/self/stat');

async function readTitle(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();
}

/** Fields after the name in /proc/<pid>/stat: state, ppid and so on (proc(5)); null when the process is gone. */
async function readStat(pid: number): Promise<string[] | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text === '' ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** How often the list of children is read again while it changes. */
const MAX_READS = 10;

/** The kernel's list of children; null where it has none. A child that ends while it is read may hide another (proc(5)): two reads must agree. */
async function readChildren(parent: number): Promise<string | null> {
  const read = () => readFile(`/proc/${parent}/task/${parent}/children`, 'utf8').catch(() => null);
  let last = await read();
  for (let reads = 1; reads < MAX_READS && last !== null; reads += 1) {
    const next = await read();
    if (next === last) return next;
    last = next;
  }
  return last;
}

async function listChildren(parent: number): Promise<number[]> {
  const listed = await readChildren(parent);
  if (listed !== null) return listed.trim().split(' ').filter(Boolean).map(Number);
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(pids.map(async (pid) => Number((await readStat(pid))?.[1])));
  return pids.filter((_, index) => parents[index] === parent);
}

/** The pid of NGINX's master from its pid file; null when the file is absent or empty (`nginx -t` creates an empty one) or the process is not NGINX. */
export async function readMaster(runDir: string): Promise<number | null> {
  const text = (await readFile(join(runDir, 'nginx.pid'), 'utf8').catch(() => '')).trim();
  if (!/^[1-9]\d*$/.test(text)) return null;
  const pid = Number(text);
  if (CAN_SEE_PROCESSES) return (await readTitle(pid)).startsWith('nginx: master') ? pid : null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
}

/**
 * A worker that has just been forked has its master's title until it is initialised, which takes long on a busy machine. It will accept: a
 * reload that does not count it among the older workers would be verified too early.
 */
const WORKER_TITLE = /^nginx: (worker|master)/;

/** The workers of an NGINX master; null where processes cannot be listed. */
export async function listWorkers(master: number): Promise<WorkerProcess[] | null> {
  if (!CAN_SEE_PROCESSES) return null;
  const found = await Promise.all(
    (await listChildren(master)).map(async (pid): Promise<WorkerProcess | null> => {
      const [title, stat] = [await readTitle(pid), await readStat(pid)];
      if (stat === null || stat[0] === 'Z' || !WORKER_TITLE.test(title)) return null;
      return { pid, draining: title.includes('is shutting down'), startTicks: Number(stat[19]) };
    }),
  );
  return found.filter((worker) => worker !== null);
}

/** The workers of the NGINX whose pid file is in `runDir`; none if it is not running or processes cannot be listed. */
export async function readWorkers(runDir: string): Promise<WorkerProcess[]> {
  const master = await readMaster(runDir);
  return (master === null ? null : await listWorkers(master)) ?? [];
}

/** Sends a signal; false when the process is gone. */
export function signal(pid: number, name: 'SIGHUP' | 'SIGTERM' | 'SIGKILL'): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
