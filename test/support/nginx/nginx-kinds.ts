import { existsSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import type { NginxFacts } from '../../../registry/publishing/plan/route-plan.ts';
import { readNginxBuild, type NginxBuild } from '../../../registry/publishing/reload/nginx-build.ts';

/** One NGINX on this machine that tests can run. */
export interface NginxKind {
  name: string;
  /** Program and the arguments that precede NGINX's own. */
  command: readonly [string, ...string[]];
  facts: NginxFacts;
}

const CA_FILE = '/etc/ssl/certs/ca-certificates.crt';
const TRIXIE = '/opt/trixie';

function readBuild(command: readonly [string, ...string[]]): NginxBuild {
  const [program, ...before] = command;
  const output = execFileSync('/bin/sh', ['-c', '"$@" 2>&1', 'sh', program, ...before, '-V'], { encoding: 'utf8' });
  const build = readNginxBuild(output);
  if (build === null) throw new Error(`no NGINX: ${output}`);
  return build;
}

function describe(
  name: string,
  command: readonly [string, ...string[]],
  facts: Pick<NginxFacts, 'modulesDir' | 'luaDirs'>,
): NginxKind {
  const { version, hasLua } = readBuild(command);
  return { name, command, facts: { version, caFile: CA_FILE, ...(hasLua && { hasLua }), ...facts } };
}

/** The NGINX that the system has: Debian 12's 1.22.1 with Lua 0.10.23, or that of NGINX_BIN, such as an OpenResty. */
export const SYSTEM_NGINX: NginxKind = describe('system', [process.env['NGINX_BIN'] ?? 'nginx'], {
  modulesDir: process.env['NGINX_MODULES'] ?? '/usr/lib/nginx/modules',
});

/** Every NGINX on this machine; Debian trixie's 1.26.3 with Lua 0.10.28 too, if it is installed in /opt/trixie. */
export const NGINX_KINDS: readonly NginxKind[] = existsSync(`${TRIXIE}/usr/lib/nginx/modules/ngx_http_lua_module.so`)
  ? [
      SYSTEM_NGINX,
      describe(
        'trixie',
        [
          `${TRIXIE}/lib64/ld-linux-x86-64.so.2`,
          '--library-path',
          `${TRIXIE}/lib/x86_64-linux-gnu:${TRIXIE}/usr/lib/x86_64-linux-gnu`,
          `${TRIXIE}/usr/sbin/nginx`,
        ],
        {
          modulesDir: `${TRIXIE}/usr/lib/nginx/modules`,
          luaDirs: {
            share: `${TRIXIE}/usr/share/lua/5.1`,
            lib: `${TRIXIE}/usr/lib/x86_64-linux-gnu/lua/5.1`,
          },
        },
      ),
    ]
  : [SYSTEM_NGINX];
