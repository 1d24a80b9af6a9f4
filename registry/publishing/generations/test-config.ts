import { join } from 'node:path';
import { runNginx, type NginxRun } from './run-nginx.ts';
import { tryGate } from './try-gate.ts';

/**
 * Tests a staged generation: `nginx -t`, then a trial start of its gate, since `nginx -t` compiles no Lua. It also passes when a port is taken,
 * which NGINX detects only at the reload: passing verifies nothing yet. Throws like `runNginx`.
 */
export async function testConfig(nginxBin: string, runDir: string, folder: string): Promise<NginxRun> {
  const tested = await runNginx(nginxBin, ['-t', '-p', runDir, '-c', join(folder, 'nginx.conf'), '-e', 'stderr']);
  if (!tested.passed) return tested;
  const tried = await tryGate(nginxBin, runDir, folder);
  return tried.passed ? tested : tried;
}
