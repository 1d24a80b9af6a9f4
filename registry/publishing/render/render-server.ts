import { UnfitValueError } from './quote.ts';
import type { PlannedEndpoint, PlannedServer } from '../plan/route-plan.ts';
import type { FillTemplate } from './templates.ts';

const ENDPOINTS = ['mcp', 'sse'] as const;
/** The message endpoint differs for each session; the backend names it and the gate signs it: only its origin is configuration. */
const LOCATIONS = { mcp: 'mcp', sse: 'sse', message: 'sse' } as const;
const LETTERS = { mcp: 'm', sse: 's' } as const;
/** Timeouts of most servers; rendered once for all of them. */
const DEFAULT_TIMEOUTS_MS = { connectMs: 5_000, readMs: 86_400_000, sendMs: 60_000 };

/** The part of the configuration that belongs to one server, as text. */
export interface RenderedServer {
  id: string;
  path: string;
  upstream: string;
  locations: string;
  listUrl: string;
  listHost: string;
}

/** Groups of connections to one address; endpoints of an instance at the same address share one. */
function nameUpstreams(server: PlannedServer) {
  const byAddress = new Map<string, { name: string; address: string; socket: string | null }>();
  const nameOf = (instanceId: string, endpoint: PlannedEndpoint) => {
    const { socket = null } = endpoint;
    const address = `${endpoint.address}:${endpoint.port}`;
    const key = `${instanceId} ${endpoint.scheme} ${socket ?? address}`;
    const known = byAddress.get(key) ?? { name: `${server.id}_${instanceId}_${byAddress.size}`, address, socket };
    byAddress.set(key, known);
    return known.name;
  };
  return { nameOf, list: () => [...byAddress.values()] };
}

/** The locations of a server, ordinary ones and those whose replies are filtered. */
function viewLocations(
  server: PlannedServer,
  nameOf: (instanceId: string, endpoint: PlannedEndpoint) => string,
  errorLog: string,
) {
  const { connectMs, readMs, sendMs } = server.timeouts;
  return server.instances.flatMap((instance) =>
    Object.entries(LOCATIONS).flatMap(([kind, source]) => {
      const endpoint = instance[source];
      if (endpoint === null) return [];
      const settings = {
        tlsName: endpoint.tlsName,
        caFile: endpoint.scheme === 'https' ? (server.tls?.caFile ?? null) : null,
        own: endpoint.scheme === 'https' ? (server.tls?.own ?? null) : null,
        connectMs: connectMs === DEFAULT_TIMEOUTS_MS.connectMs ? null : connectMs,
        readMs: readMs === DEFAULT_TIMEOUTS_MS.readMs ? null : readMs,
        sendMs: sendMs === DEFAULT_TIMEOUTS_MS.sendMs ? null : sendMs,
        // Unless the plan rules out a query, it may be secret, and NGINX writes the whole URL of a failed request to error.log.
        isQuiet: instance.hasQuery !== false,
        isStream: kind === 'sse',
        isMessage: kind === 'message',
      };
      const location = {
        ...settings,
        serverId: server.id,
        instanceId: instance.id,
        kind,
        scheme: endpoint.scheme,
        upstream: nameOf(instance.id, endpoint),
        uri: endpoint.uri,
        host: server.hostMode === 'upstream' ? endpoint.host : null,
        /** One location filters the replies of all endpoints that need nothing but an address and a host. */
        isShared:
          server.hostMode === 'upstream' && Object.values(settings).every((value) => value === null || value === false),
        errorLog,
        isFiltered: false,
      };
      // The second is for calls whose replies may contain lists that the agent may see only in part: other replies pass no filter. No
      // proxy_pass of Streamable HTTP has a variable: NGINX before 1.23 would create a TLS context for each request, 0.6 ms each.
      return [location, { ...location, isFiltered: true }];
    }),
  );
}

function viewServer(server: PlannedServer, errorLog: string) {
  const upstreams = nameUpstreams(server);
  const all = viewLocations(server, upstreams.nameOf, errorLog);
  const isInShared = (location: (typeof all)[number]) => location.isFiltered && location.isShared;
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
  return {
    ...{ id: server.id, path: server.path, letters, routed, upstreams: upstreams.list() },
    locations: all.filter((location) => !isInShared(location)),
    lists: all.filter(isInShared),
  };
}

/** The part of the configuration that belongs to one server. Pure. Throws UnfitValueError, with `serverId`, for a value that may not appear in nginx.conf. */
export function renderServer(fill: FillTemplate, server: PlannedServer, errorLog: string): RenderedServer {
  const view = viewServer(server, errorLog);
  try {
    return {
      id: server.id,
      path: fill('path', view),
      upstream: fill('upstream', view),
      locations: fill('server', view),
      listUrl: fill('list-url', view),
      listHost: fill('list-host', view),
    };
  } catch (error) {
    if (error instanceof UnfitValueError) error.serverId = server.id;
    throw error;
  }
}
