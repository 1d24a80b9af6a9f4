import { execFile } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { readNginxBuild } from '../../../registry/publishing/reload/nginx-build.ts';
import { error, warning, type Check, type Facts } from '../finding.ts';

const run = promisify(execFile);
const OLDEST_NGINX = [1, 22] as const;
const INSTALL =
  'As root on Debian, "mcpgw start" installs it; else install it with the package manager of this machine.';
const TIMEOUT_MS = 10_000;

const searchPath = ({ env }: Facts): string =>
  [env['PATH'] ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter);

function find(facts: Facts, program: string): boolean {
  if (program.includes('/')) return existsSync(program);
  return searchPath(facts)
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, program)));
}

/** The output of `nginx -V`; null: it cannot be run. */
async function describeNginx(facts: Facts): Promise<string | null> {
  try {
    return (await run(facts.settings.nginxBin, ['-V'], { env: { PATH: searchPath(facts) }, timeout: TIMEOUT_MS }))
      .stderr;
  } catch {
    return null;
  }
}

/** Checks that NGINX is installed and new enough. */
export const checkNginx: Check = async (facts) => {
  const { nginxBin } = facts.settings;
  if (!find(facts, nginxBin))
    return [error(`NGINX (${nginxBin}) is not installed`, `${INSTALL} NGINX_BIN names one that is elsewhere.`)];
  const described = await describeNginx(facts);
  if (described === null)
    return [error(`NGINX (${nginxBin}) cannot be run`, 'Run it with -V manually and check its output.')];
  const build = readNginxBuild(described);
  if (build === null)
    return [error(`${nginxBin} is not NGINX`, 'Set NGINX_BIN to the nginx program, or to the openresty program.')];
  const [major, minor] = build.version;
  return (major - OLDEST_NGINX[0] || minor - OLDEST_NGINX[1]) < 0
    ? [
        error(
          `NGINX ${build.version.join('.')} is too old`,
          `Install ${OLDEST_NGINX.join('.')} or newer; NGINX_BIN names one that is elsewhere.`,
        ),
      ]
    : [];
};

const LIBRARIES = [
  ['lua-resty-core', ['/usr/share/lua/5.1/resty/core.lua', '/usr/local/share/lua/5.1/resty/core.lua']],
  ['lua-cjson', ['/usr/lib/*/lua/5.1/cjson.so', '/usr/local/lib/lua/5.1/cjson.so', '/usr/lib*/lua/5.1/cjson.so']],
] as const;

/** Checks that NGINX has Lua, and Lua the libraries that the gate needs. */
export const checkLua: Check = async (facts) => {
  const described = await describeNginx(facts);
  // Without NGINX, its modules cannot be checked.
  if (described === null) return [];
  const build = readNginxBuild(described);
  const { nginxModulesDir, nginxBin } = facts.settings;
  const findings = [];
  const folder = nginxModulesDir ?? build?.modulesDir ?? '/usr/lib/nginx/modules';
  if (build?.hasLua !== true && !existsSync(join(folder, 'ngx_http_lua_module.so')))
    findings.push(
      error(
        `NGINX (${nginxBin}) has no Lua: it is not built in, and ngx_http_lua_module.so is not in ${folder}`,
        `Install libnginx-mod-http-lua (Debian's name), or set NGINX_MODULES to the folder of the module, or NGINX_BIN to an OpenResty. ${INSTALL}`,
      ),
    );
  // OpenResty contains them.
  if (build?.isOpenResty === true) return findings;
  for (const [name, patterns] of LIBRARIES)
    if (globSync(patterns.map((pattern) => join(facts.system, pattern))).length === 0)
      findings.push(error(`the Lua library ${name} is missing`, INSTALL));
  return findings;
};

/** Checks that the programs that supervise the processes are installed. */
export const checkSupervisor: Check = (facts) =>
  (
    [
      ['s6-svscan', 's6'],
      ['s6-log', 's6'],
      ['setpriv', 'util-linux'],
      ['flock', 'util-linux'],
    ] as const
  )
    .filter(([program]) => !find(facts, program))
    .map(([program, name]) => error(`${program} (of ${name}) is missing`, INSTALL));

function newest(folder: string, pattern: string): number {
  const times = globSync(pattern, {
    cwd: folder,
    exclude: (name) => name === 'node_modules' || name.endsWith('.test.ts'),
  }).map((file) => statSync(join(folder, file)).mtimeMs);
  return Math.max(0, ...times);
}

/** Folders that the programs are bundled from; scripts/lib/build.sh has the same list (scripts/build/program-sources.test.ts). */
export const PROGRAM_SOURCES = [
  ...['registry', 'mcpgw-server', 'bridge', 'cli', 'config', 'gateway', 'nginx/templates'],
  ...['scripts/start', 'scripts/data', 'scripts/machine', 'scripts/build'],
];

/** Checks that everything is built and as new as its source. */
export const checkBuilt: Check = ({ root }) => {
  const parts = [
    ['the programs', 'dist/registry.js', `{${PROGRAM_SOURCES.join(',')}}/**/*.{ts,hbs}`, 'build:programs'],
    ['the gate', 'nginx/dist/gate.lua', 'nginx/gate/**/*.ts', 'build:gate'],
    ['the UI', 'ui/dist/index.html', 'ui/src/**/*', 'build -w ui'],
  ] as const;
  return parts.flatMap(([what, product, sources, script]) => {
    const file = join(root, product);
    const hint = `Run "npm run ${script}" in ${root}; "mcpgw start" does so too.`;
    if (!existsSync(file)) return [error(`${what} is not built: ${file} is missing`, hint)];
    return newest(root, sources) > statSync(file).mtimeMs + 1_000
      ? [warning(`${what}: the build is older than its source, so what runs is not what is checked out`, hint)]
      : [];
  });
};
