import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runNginx, type NginxRun } from './run-nginx.ts';

/** Lua's messages for missing libraries, and the Debian packages that contain them. */
const MISSING = [
  { words: "'resty.core'", packages: 'lua-resty-core' },
  { words: "module 'cjson", packages: 'lua-cjson' },
] as const;

function explain(output: string): string {
  const found = MISSING.find(({ words }) => output.includes(words));
  return found === undefined ? output : `${output}\nInstall ${found.packages} (Debian's package) for NGINX's Lua.`;
}

// A gate that has started is not tried again: it is the same for all generations of a registry.
const started = new Set<string>();

/**
 * Starts the gate of a staged generation in a separate NGINX that exits at once: `nginx -t` compiles no Lua. A generation without a gate passes.
 * Throws like `runNginx`.
 */
export async function tryGate(nginxBin: string, runDir: string, folder: string): Promise<NginxRun> {
  const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => null);
  const [gate, trial] = await Promise.all([read('gate.conf'), read('trial.conf')]);
  if (gate === null || trial === null) return { passed: true, output: '', tookMs: 0 };
  const mark = createHash('sha256').update(`${nginxBin}\0${runDir}\0${trial}\0${gate}`).digest('hex');
  if (started.has(mark)) return { passed: true, output: '', tookMs: 0 };
  const run = await runNginx(nginxBin, ['-p', runDir, '-c', join(folder, 'trial.conf'), '-e', 'stderr']);
  if (!run.passed) return { ...run, output: `The gate does not start: ${explain(run.output)}` };
  started.add(mark);
  return run;
}
