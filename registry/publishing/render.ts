import { ACCESS_VERSION, RESERVED_FIRST_SEGMENTS } from '../contract/index.ts';
import { OWN_ERRORS, OWN_PROBLEMS } from './own-errors.ts';
import { quote } from './quote.ts';
import { renderServer, type RenderServers } from './render-server.ts';
import type { NginxFacts, PlannedGateway, Rendering, RoutePlan } from './route-plan.ts';
import { fillTemplate } from './templates.ts';

/** Words at the beginning of a URL that the registry answers; the gate has the rest. */
const REGISTRY_WORDS = RESERVED_FIRST_SEGMENTS.filter((word) => word !== '-' && word !== 'mcp');

/** Debian keeps the bundle and a folder of the same certificates up to date together (update-ca-certificates). */
const DEBIAN_CA_FILE = '/etc/ssl/certs/ca-certificates.crt';
const DEBIAN_CA_DIR = '/etc/ssl/certs';

function isAtLeast(version: NginxFacts['version'], wanted: NginxFacts['version']): boolean {
  for (const [index, part] of wanted.entries()) {
    const have = version[index] ?? 0;
    if (have !== part) return have > part;
  }
  return true;
}

/** What Host headers nearly always say; looked up at once, where the patterns that follow them are tried one by one. */
function listUsualHosts({ port, tls, hosts }: RoutePlan['gateway']): string[] {
  const ports = [port, ...(tls === null ? [] : [tls.port])].map((number) => `:${number}`);
  const names = ['localhost', '127.0.0.1', ...hosts];
  return [...new Set(names.flatMap((name) => ['', ...ports].map((end) => `${name}${end}`)))].sort();
}

/** Requests that an address may have open at once, streams included, unless the plan says otherwise. */
const CONNECTIONS_PER_ADDRESS = 2_000;

/** What NGINX loads for the gate; nothing where Lua is built in (OpenResty). */
function listModules({ modulesDir, hasLua }: NginxFacts): string[] {
  return hasLua === true ? [] : ['ndk_http_module.so', 'ngx_http_lua_module.so'].map((name) => `${modulesDir}/${name}`);
}

/** The file in which NGINX finds the gate (nginx/gate). It stands there as text: a file of Lua would be looked for beside NGINX's run folder. */
function writeGate(gateway: PlannedGateway, gateBundle: string): string {
  const settings = [
    `accessDir = "${quote('file', gateway.accessDir)}/"`,
    `accessVersion = ${ACCESS_VERSION}`,
    `maxBodyBytes = ${quote('number', gateway.maxBodyBytes)}`,
  ];
  return `init_by_lua_block {
GATE_SETTINGS = { ${settings.join(', ')} }
mcpgw = (function(...)
${gateBundle}
end)()
mcpgw.start()
}
`;
}

const renderEach: RenderServers = (servers, errorLog) => servers.map((server) => renderServer(server, errorLog));

/** Smallest power of two that a hash of `count` names is built in without trying long. */
function sizeHash(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1_024, count * 4)));
}

/**
 * The whole configuration of NGINX for a plan (DESIGN §7). Pure: equal input gives equal bytes, and the number of the generation stands in
 * `generation.conf` alone. What belongs to one server stands between a line `# server <id> <path>` and a line `# end server`, in
 * `paths.conf`, `upstreams.conf` and `servers.conf`: by them a line that NGINX names leads to its server.
 * Throws UnfitValueError, with `serverId` where it is a server's, for a value that may not stand in nginx.conf.
 * `renderServers`: another way to the same texts (`createPartsMemory`).
 */
export function render(
  plan: RoutePlan,
  facts: NginxFacts,
  number: number,
  gateBundle: string,
  renderServers: RenderServers = renderEach,
): Rendering {
  const { gateway } = plan;
  const errorLog = `${gateway.logDir}/error.log`;
  const parts = renderServers(plan.servers, errorLog);
  // NGINX 1.22 sorts the locations by insertion, which takes long for thousands that do not come by their names (ngx_queue_sort).
  const inOrderOfLocations = parts.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const lua = {
    modules: listModules(facts),
    luaDirs: facts.luaDirs ?? null,
    temporary: ['client-body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => ({
      directive: name.replace('-', '_'),
      folder: `${gateway.runDir}/${name}`,
    })),
  };
  return {
    'nginx.conf': fillTemplate('nginx', {
      gateway,
      facts,
      caDir: facts.caDir ?? (facts.caFile === DEBIAN_CA_FILE ? DEBIAN_CA_DIR : null),
      errorLog,
      ...lua,
      pidFile: `${gateway.runDir}/nginx.pid`,
      callsLog: `${gateway.logDir}/calls.log`,
      usualHosts: listUsualHosts(gateway),
      hosts: gateway.hosts
        .filter((host) => !host.startsWith('['))
        .map((host) => ({ pattern: host.replaceAll('.', '\\.') })),
      connectionsPerAddress: gateway.connectionsPerAddress ?? CONNECTIONS_PER_ADDRESS,
      pathHashSize: sizeHash(plan.servers.length),
      keepsIdleOpen: isAtLeast(facts.version, [1, 27, 4]),
      registryWords: REGISTRY_WORDS,
      errors: OWN_ERRORS,
      // $status is what the client was told, and several errors are told alike.
      reasons: OWN_ERRORS.filter(({ caught, status }) => caught === status),
      problems: OWN_PROBLEMS,
    }),
    'generation.conf': fillTemplate('generation', { socket: `${gateway.runDir}/generation.sock`, number }),
    'paths.conf': parts.map(({ path }) => path).join(''),
    'upstreams.conf': parts.map(({ upstream }) => upstream).join(''),
    'servers.conf': inOrderOfLocations.map(({ locations }) => locations).join(''),
    'registry.conf': fillTemplate('registry', {}),
    'registry-proxy.conf': fillTemplate('registry-proxy', {}),
    'unused-ca.pem': fillTemplate('unused-ca', {}),
    'gate.conf': writeGate(gateway, gateBundle),
    'trial.conf': fillTemplate('trial', { ...lua, trialPid: `${gateway.runDir}/trial.pid` }),
  };
}
