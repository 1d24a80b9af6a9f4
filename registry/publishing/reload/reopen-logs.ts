import { readMaster } from './workers.ts';

/** Makes NGINX reopen its log files (SIGUSR1, nginx.org/en/docs/control.html); does nothing while NGINX is not running. */
export async function reopenLogs(runDir: string): Promise<void> {
  const master = await readMaster(runDir);
  if (master !== null) process.kill(master, 'SIGUSR1');
}
