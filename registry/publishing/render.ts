import { RESERVED_FIRST_SEGMENTS } from '../contract/index.ts';
import { UnfitValueError, spellCredentialVariable } from './quote.ts';
import type { NginxFacts, PlannedEndpoint, PlannedServer, Rendering, RoutePlan } from './route-plan.ts';
import { OWN_ERRORS, OWN_PROBLEMS } from './own-errors.ts';
import { fillTemplate } from './templates.ts';

type Named = 'mcp' | 'sse' | 'message';
const ENDPOINTS: readonly Named[] = ['mcp', 'sse', 'message'];
const LETTERS = { mcp: 'm', sse: 's', message: 'p' } as const;
/** What a server's timeouts are unless it says otherwise; stated once for all of them. */
const USUAL = { connectMs: 5_000, readMs: 86_400_000, sendMs: 60_000 };

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

/** Groups of connections to one address; endpoints of an instance at the same address share one. */
function nameUpstreams(server: PlannedServer) {
  const byAddress = new Map<string, { name: string; address: string }>();
  const nameOf = (instanceId: string, endpoint: PlannedEndpoint) => {
    const address = `${endpoint.address}:${endpoint.port}`;
    const key = `${instanceId} ${endpoint.scheme} ${address}`;
    const known = byAddress.get(key) ?? { name: `${server.id}_${instanceId}_${byAddress.size}`, address };
    byAddress.set(key, known);
    return known.name;
  };
  return { nameOf, list: () => [...byAddress.values()] };
}

function viewHeaders(server: PlannedServer) {
  return server.headerNames.map((name) => ({
    name,
    variable: spellCredentialVariable(name),
    // A backend that takes "_" for "-" must not read the client's header in the place of its own.
    twin: name.includes('-') ? name.replaceAll('-', '_') : null,
  }));
}

function viewServer(server: PlannedServer) {
  const upstreams = nameUpstreams(server);
  const lowered = server.headerNames.map((name) => name.toLowerCase());
  const { connectMs, readMs, sendMs } = server.timeouts;
  const locations = server.instances.flatMap((instance) =>
    ENDPOINTS.flatMap((kind) => {
      const endpoint = instance[kind];
      if (endpoint === null) return [];
      const { message, messageWritten } = instance;
      return {
        serverId: server.id,
        instanceId: instance.id,
        kind,
        scheme: endpoint.scheme,
        upstream: upstreams.nameOf(instance.id, endpoint),
        uri: endpoint.uri,
        host: server.hostMode === 'upstream' ? endpoint.host : null,
        tlsName: endpoint.tlsName,
        connectMs: connectMs === USUAL.connectMs ? null : connectMs,
        readMs: readMs === USUAL.readMs ? null : readMs,
        sendMs: sendMs === USUAL.sendMs ? null : sendMs,
        // Without a query in the plan it may have a secret one, and NGINX writes the whole URL of a failed request to error.log.
        isQuiet: instance.hasQuery !== false,
        rewrite:
          kind === 'sse' && message !== null && messageWritten !== null
            ? { written: messageWritten, path: message.uri }
            : null,
        headers: server.headerNames.length === 0 ? null : viewHeaders(server),
        ownsAuthorization: lowered.includes('authorization'),
        ownsApiKey: lowered.includes('x-api-key'),
        errorLog: null as string | null,
      };
    }),
  );
  const routed = server.instances
    .map((instance) => ({
      id: instance.id,
      letters: ENDPOINTS.filter((kind) => instance[kind] !== null)
        .map((kind) => LETTERS[kind])
        .join(''),
    }))
    .filter(({ letters }) => letters !== '');
  const letters = ENDPOINTS.map((kind) => LETTERS[kind])
    .filter((letter) => routed.some((instance) => instance.letters.includes(letter)))
    .join('');
  return { id: server.id, path: server.path, letters, routed, locations, upstreams: upstreams.list() };
}

/** What Host headers nearly always say; looked up at once, where the patterns that follow them are tried one by one. */
function listUsualHosts({ port, tls, hosts }: RoutePlan['gateway']): string[] {
  const ports = [port, ...(tls === null ? [] : [tls.port])].map((number) => `:${number}`);
  const names = ['localhost', '127.0.0.1', ...hosts];
  return [...new Set(names.flatMap((name) => ['', ...ports].map((end) => `${name}${end}`)))].sort();
}

function fillForServer(name: string, view: ReturnType<typeof viewServer>): string {
  try {
    return fillTemplate(name, view);
  } catch (error) {
    if (error instanceof UnfitValueError) error.serverId = view.id;
    throw error;
  }
}

function listCredentialVariables(servers: readonly PlannedServer[]): string[] {
  return [...new Set(servers.flatMap((server) => server.headerNames.map(spellCredentialVariable)))].sort();
}

/** Smallest power of two that a hash of `count` names is built in without trying long. */
function sizeHash(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1_024, count * 4)));
}

/**
 * The whole configuration of NGINX for a plan (DESIGN §7). Pure: equal input gives equal bytes, and the number of the generation stands in
 * `generation.conf` alone. What belongs to one server stands between a line `# server <id> <path>` and a line `# end server`, in
 * `paths.conf`, `upstreams.conf` and `servers.conf`: by them a line that NGINX names leads to its server.
 * Throws UnfitValueError, with `serverId` where it is a server's, for a value that may not stand in nginx.conf.
 */
export function render(plan: RoutePlan, facts: NginxFacts, number: number, gateBundle: string): Rendering {
  const { gateway } = plan;
  const errorLog = `${gateway.logDir}/error.log`;
  const views = plan.servers.map(viewServer);
  for (const view of views) for (const location of view.locations) location.errorLog = errorLog;
  // NGINX 1.22 sorts the locations by insertion, which takes long for thousands that do not come by their names (ngx_queue_sort).
  const inOrderOfLocations = views.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const join = (name: string) => views.map((view) => fillForServer(name, view)).join('');
  const settings = { accessDir: `${gateway.accessDir}/` };
  return {
    'nginx.conf': fillTemplate('nginx', {
      gateway,
      facts,
      caDir: facts.caDir ?? (facts.caFile === DEBIAN_CA_FILE ? DEBIAN_CA_DIR : null),
      errorLog,
      module: `${facts.modulesDir}/ngx_http_js_module.so`,
      pidFile: `${gateway.runDir}/nginx.pid`,
      callsLog: `${gateway.logDir}/calls.log`,
      temporary: ['client-body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => ({
        directive: name.replace('-', '_'),
        folder: `${gateway.runDir}/${name}`,
      })),
      usualHosts: listUsualHosts(gateway),
      hosts: gateway.hosts
        .filter((host) => !host.startsWith('['))
        .map((host) => ({ pattern: host.replaceAll('.', '\\.') })),
      credentialVariables: listCredentialVariables(plan.servers),
      pathHashSize: sizeHash(plan.servers.length),
      variableHashSize: sizeHash(listCredentialVariables(plan.servers).length + 256),
      keepsIdleOpen: isAtLeast(facts.version, [1, 27, 4]),
      registryWords: REGISTRY_WORDS,
      errors: OWN_ERRORS,
      // $status is what the client was told, and several errors are told alike.
      reasons: OWN_ERRORS.filter(({ caught, status }) => caught === status),
      problems: OWN_PROBLEMS,
    }),
    'generation.conf': fillTemplate('generation', { socket: `${gateway.runDir}/generation.sock`, number }),
    'paths.conf': join('path'),
    'upstreams.conf': join('upstream'),
    'servers.conf': inOrderOfLocations.map((view) => fillForServer('server', view)).join(''),
    'registry.conf': fillTemplate('registry', {}),
    'registry-proxy.conf': fillTemplate('registry-proxy', {}),
    'unused-ca.pem': fillTemplate('unused-ca', {}),
    'gate.js': `const GATE_SETTINGS = ${JSON.stringify(settings)};\n${gateBundle}`,
  };
}
