import { RegistryError } from '../../errors.ts';
import type { NginxFacts } from '../plan/route-plan.ts';
import { runNginx } from '../generations/test-config.ts';

/** Reads what `nginx -V` writes: version and folder of the dynamic modules. */
export function readFacts(output: string, modulesDir: string | undefined, caFile: string): NginxFacts {
  const version = /nginx version: \S*?\/(\d+)\.(\d+)\.(\d+)/.exec(output);
  if (version === null)
    throw new RegistryError('unavailable', `This is not NGINX: it printed ${JSON.stringify(output.slice(0, 200))}`, {
      hint: 'Set NGINX_BIN to the nginx program.',
    });
  const prefix = /--prefix=([^\s']+)/.exec(output)?.[1] ?? '/usr/local/nginx';
  return {
    version: [Number(version[1]), Number(version[2]), Number(version[3])],
    modulesDir: modulesDir ?? /--modules-path=([^\s']+)/.exec(output)?.[1] ?? `${prefix}/modules`,
    caFile,
  };
}

/** Asks the installed NGINX for its version and modules. Throws RegistryError `unavailable` when there is none. */
export async function detectFacts(options: {
  nginxBin: string;
  modulesDir: string | undefined;
  caFile: string;
}): Promise<NginxFacts> {
  const { output } = await runNginx(options.nginxBin, ['-V']);
  return readFacts(output, options.modulesDir, options.caFile);
}

/** From 1.27.4 on NGINX waits for a last request on idle connections (`keepalive_min_timeout`), so no drain flag is needed. */
export function needsDrain(version: NginxFacts['version']): boolean {
  const [major, minor, patch] = version;
  return major * 1e6 + minor * 1e3 + patch < 1_027_004;
}
