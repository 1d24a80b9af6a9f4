import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RegistryError } from '../../lib/errors.ts';
import type { NginxFacts } from '../plan/route-plan.ts';
import { runNginx } from '../generations/run-nginx.ts';
import { readNginxBuild } from './nginx-build.ts';

/** Parses the output of `nginx -V`: version, folder of the dynamic modules, and whether Lua is built in. */
export function readFacts(output: string, modulesDir: string | undefined, caFile: string): NginxFacts {
  const build = readNginxBuild(output);
  if (build === null)
    throw new RegistryError('unavailable', `This is not NGINX: it printed ${JSON.stringify(output.slice(0, 200))}`, {
      hint: 'Set NGINX_BIN to the nginx program.',
    });
  const { version, hasLua } = build;
  return { version, modulesDir: modulesDir ?? build.modulesDir, caFile, ...(hasLua && { hasLua }) };
}

/** Throws RegistryError `unavailable`, naming what to install, when this NGINX has no Lua. */
export function requireLua({ hasLua, modulesDir }: NginxFacts): void {
  if (hasLua === true || existsSync(join(modulesDir, 'ngx_http_lua_module.so'))) return;
  throw new RegistryError('unavailable', `NGINX has no Lua: ${modulesDir}/ngx_http_lua_module.so is missing`, {
    hint: "Install Debian's packages libnginx-mod-http-lua, lua-resty-core and lua-cjson, or set NGINX_MODULES to the folder of the module, or NGINX_BIN to an OpenResty.",
  });
}

/** Reads version and modules of the installed NGINX. Throws RegistryError `unavailable` when it is missing or has no Lua. */
export async function detectFacts(options: {
  nginxBin: string;
  modulesDir: string | undefined;
  caFile: string;
}): Promise<NginxFacts> {
  const { output } = await runNginx(options.nginxBin, ['-V']);
  const facts = readFacts(output, options.modulesDir, options.caFile);
  requireLua(facts);
  return facts;
}

/** From 1.27.4 on NGINX waits for a last request on idle connections (`keepalive_min_timeout`), so no drain flag is needed. */
export function needsDrain(version: NginxFacts['version']): boolean {
  const [major, minor, patch] = version;
  return major * 1e6 + minor * 1e3 + patch < 1_027_004;
}
