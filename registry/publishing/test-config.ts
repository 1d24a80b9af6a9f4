import { join } from 'node:path';
import { runNginx, type NginxRun } from './run-nginx.ts';
import { tryGate } from './try-gate.ts';

/**
 * Lets NGINX judge a staged generation (`nginx -t`), and starts its gate once for a trial. It passes too when a port is taken (NGINX only finds out at
 * the reload), so that it passes proves nothing yet. Throws like `runNginx`.
 */
export async function testConfig(nginxBin: string, runDir: string, folder: string): Promise<NginxRun> {
  const tested = await runNginx(nginxBin, ['-t', '-p', runDir, '-c', join(folder, 'nginx.conf'), '-e', 'stderr']);
  if (!tested.passed) return tested;
  const tried = await tryGate(nginxBin, runDir, folder);
  return tried.passed ? tested : tried;
}
