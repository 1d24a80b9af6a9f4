import { dirname, join } from 'node:path';
import {
  ACCESS_VERSION,
  formatCallLog,
  formatEmptyNote,
  formatEmptyWho,
  RESERVED_FIRST_SEGMENTS,
} from '../../contract/index.ts';
import { OWN_ERRORS, OWN_PROBLEMS } from './gateway-answers.ts';
import { quote } from './quote.ts';
import { memoizeServers } from './memoize-servers.ts';
import { renderServer } from './render-server.ts';
import { INNER_SOCKET } from '../plan/own-sockets.ts';
import type { NginxFacts, PlannedGateway, Rendering, RoutePlan } from '../plan/route-plan.ts';
import { viewTls } from './view-tls.ts';
import type { FillTemplate } from './templates.ts';

/** First path segments of URLs that the registry serves; the gate handles the rest. */
const REGISTRY_WORDS = RESERVED_FIRST_SEGMENTS.filter((word) => word !== '-' && word !== 'mcp')
  .map((word) => word.replaceAll('.', '\\.'))
  .join('|');

/** Space for 250,000 counters; unused memory is not allocated. */
const DEFAULT_COUNTERS_MB = 32;

/** Debian keeps the bundle and a folder of the same certificates up to date together (update-ca-certificates). */
const DEBIAN_CA_FILE = '/etc/ssl/certs/ca-certificates.crt';
const DEBIAN_CA_DIR = '/etc/ssl/certs';

function isAtLeast(version: NginxFacts['version'], minimum: NginxFacts['version']): boolean {
  for (const [index, part] of minimum.entries()) {
    const have = version[index] ?? 0;
    if (have !== part) return have > part;
  }
  return true;
}

/** The values of nearly all Host headers; found by one hash lookup, while the patterns that follow them are tried one by one. */
function listCommonHosts({ port, tls, hosts }: RoutePlan['gateway']): string[] {
  const ports = [port, ...(tls === null ? [] : [tls.port])].map((number) => `:${number}`);
  const names = ['localhost', '127.0.0.1', ...hosts];
  return [...new Set(names.flatMap((name) => ['', ...ports].map((end) => `${name}${end}`)))].sort();
}

/** The modules that NGINX loads for the gate; none where Lua is built in (OpenResty). */
function listModules({ modulesDir, hasLua }: NginxFacts): string[] {
  return hasLua === true ? [] : ['ndk_http_module.so', 'ngx_http_lua_module.so'].map((name) => `${modulesDir}/${name}`);
}

/** The file from which NGINX loads the gate, as text: a Lua file would be searched for beside NGINX's run folder. */
function renderGateFile(gateway: PlannedGateway, gateBundle: string): string {
  const settings = [
    `accessDir = "${quote('file', gateway.accessDir)}/"`,
    `accessVersion = ${ACCESS_VERSION}`,
    `limitsDir = "${quote('file', join(dirname(gateway.accessDir), 'limits'))}/"`,
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

/** Smallest power of two with which NGINX builds a hash of `count` names without many attempts. */
function sizeHash(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1_024, count * 4)));
}

/** Text of every file of a generation. Throws when a value may not appear in a configuration, with `serverId` if it belongs to a server. */
export type Render = (plan: RoutePlan, facts: NginxFacts, number: number, gateBundle: string) => Rendering;

/**
 * Creates the renderer of whole NGINX configurations. Pure: equal input produces equal bytes, and the number of the generation is only in
 * `generation.conf`. The configuration of one server is between a line `# server <id> <path>` and a line `# end server`, in
 * `paths.conf`, `upstreams.conf` and `servers.conf`: they map a line that NGINX names to its server.
 * Servers that did not change since the last call are not rendered again. The renderer throws UnfitValueError, with `serverId` if it belongs to
 * a server, for a value that may not appear in nginx.conf.
 */
export function createRender(fill: FillTemplate): Render {
  const renderServers = memoizeServers((server, errorLog) => renderServer(fill, server, errorLog));

  return (plan, facts, number, gateBundle) => {
    const { gateway } = plan;
    const errorLog = `${gateway.logDir}/error.log`;
    const rendered = renderServers(plan.servers, errorLog);
    // NGINX 1.22 sorts the locations by insertion, which is slow for thousands that are not in the order of their names (ngx_queue_sort).
    const inOrderOfLocations = rendered.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const lua = {
      modules: listModules(facts),
      luaDirs: facts.luaDirs ?? null,
      temporary: ['client-body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => ({
        directive: name.replace('-', '_'),
        folder: `${gateway.runDir}/${name}`,
      })),
    };
    return {
      'nginx.conf': fill('nginx', {
        gateway: {
          ...{ countersMb: DEFAULT_COUNTERS_MB, hstsMaxAgeS: 0, acmeWebroot: null, trustedProxies: [], listen: null },
          ...gateway,
        },
        facts,
        tls: viewTls(gateway.tls, isAtLeast(facts.version, [1, 25, 1])),
        caDir: facts.caDir ?? (facts.caFile === DEBIAN_CA_FILE ? DEBIAN_CA_DIR : null),
        errorLog,
        innerSocket: `${gateway.runDir}/${INNER_SOCKET}`,
        ...lua,
        pidFile: `${gateway.runDir}/nginx.pid`,
        callLog: formatCallLog(),
        emptyWho: formatEmptyWho(),
        emptyNote: formatEmptyNote(),
        callsLog: `${gateway.logDir}/calls.log`,
        usualHosts: listCommonHosts(gateway),
        hosts: gateway.hosts
          .filter((host) => !host.startsWith('['))
          .map((host) => ({ pattern: host.replaceAll('.', '\\.') })),
        pathHashSize: sizeHash(plan.servers.length),
        keepsIdleOpen: isAtLeast(facts.version, [1, 27, 4]),
        registryWords: REGISTRY_WORDS,
        errors: OWN_ERRORS,
        // $status is the status sent to the client, and several errors have the same one.
        reasons: OWN_ERRORS.filter(({ caught, status }) => caught === status),
        problems: OWN_PROBLEMS,
      }),
      'generation.conf': fill('generation', { socket: `${gateway.runDir}/generation.sock`, number }),
      'paths.conf': rendered.map(({ path }) => path).join(''),
      'upstreams.conf': rendered.map(({ upstream }) => upstream).join(''),
      'list-urls.conf': rendered.map(({ listUrl }) => listUrl).join(''),
      'list-hosts.conf': rendered.map(({ listHost }) => listHost).join(''),
      'servers.conf': inOrderOfLocations.map(({ locations }) => locations).join(''),
      'registry.conf': fill('registry', {}),
      'registry-proxy.conf': fill('registry-proxy', {}),
      'unused-ca.pem': fill('unused-ca', {}),
      'gate.conf': renderGateFile(gateway, gateBundle),
      'trial.conf': fill('trial', { ...lua, trialPid: `${gateway.runDir}/trial.pid` }),
    };
  };
}
