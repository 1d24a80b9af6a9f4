import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listChildren, listProcessesOf } from '../../processes/list-processes.ts';

interface Place {
  dataDir: string;
  logDir: string;
}

/** Pid of the registry of a gateway; throws when it is not running. */
export function findRegistry({ dataDir }: Place): number {
  const found = listProcessesOf(dataDir).find(({ command }) =>
    /node\S* .*(registry\/main\.ts|dist\/registry\.js)/.test(command),
  );
  if (found === undefined) throw new Error('no registry is running');
  return found.pid;
}

/** Pid of NGINX's master; throws when its pid file is missing, or empty, as `nginx -t` creates it. */
export function findMaster({ dataDir }: Place): number {
  const pid = Number(readFileSync(join(dataDir, 'run/nginx.pid'), 'utf8'));
  if (pid > 1) return pid;
  throw new Error('NGINX has not written its pid');
}

/** Pids of NGINX's workers, with draining ones separate. */
export function findWorkers(place: Place): { accepting: number[]; draining: number[] } {
  const titled = listChildren(findMaster(place)).map((pid) => {
    try {
      return { pid, title: readFileSync(`/proc/${pid}/cmdline`, 'utf8') };
    } catch {
      return { pid, title: '' };
    }
  });
  const workers = titled.filter(({ title }) => title.startsWith('nginx: worker'));
  const isDraining = ({ title }: { title: string }) => title.includes('shutting down');
  return {
    accepting: workers.filter((worker) => !isDraining(worker)).map(({ pid }) => pid),
    draining: workers.filter(isDraining).map(({ pid }) => pid),
  };
}

/** How many times NGINX received the signal to reload since its log began. */
export function countReloads({ logDir }: Place): number {
  return (readFileSync(join(logDir, 'error.log'), 'utf8').match(/signal 1 \(SIGHUP\) received from/g) ?? []).length;
}
