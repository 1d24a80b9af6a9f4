import { execFile } from 'node:child_process';
import { RegistryError } from '../../lib/errors.ts';

export interface NginxRun {
  passed: boolean;
  /** What NGINX wrote to stderr and stdout. */
  output: string;
  tookMs: number;
}

const LIMIT_MS = 60_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/**
 * Runs NGINX until it exits: arguments as a list, no shell, without our environment, at most a minute.
 * Throws RegistryError `unavailable` when the program cannot be run at all.
 */
export function runNginx(nginxBin: string, args: readonly string[]): Promise<NginxRun> {
  return new Promise((resolve, reject) => {
    const options = {
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT_BYTES,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    } as const;
    const startedAtMs = performance.now();
    execFile(nginxBin, [...args], options, (error, stdout, stderr) => {
      const output = `${stderr}${stdout}`.trim();
      const tookMs = performance.now() - startedAtMs;
      if (error === null) {
        resolve({ passed: true, output, tookMs });
        return;
      }
      if (typeof error.code === 'string') {
        reject(
          new RegistryError('unavailable', `NGINX cannot be run: ${nginxBin} (${error.code})`, {
            cause: error,
            hint: 'Install NGINX with its Lua module (Debian: nginx, libnginx-mod-http-lua, lua-resty-core, lua-cjson) or set NGINX_BIN to its path.',
          }),
        );
        return;
      }
      const slow = error.killed === true ? `\nEnded after ${LIMIT_MS / 1000} s without a result` : '';
      resolve({ passed: false, output: `${output}${slow}`.trim(), tookMs });
    });
  });
}
