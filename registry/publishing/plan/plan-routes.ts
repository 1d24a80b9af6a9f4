import type { HostMode, RejectedServer, Timeouts, Transport } from '../../contract/index.ts';
import { BRIDGE_SOCKET, socketOf } from './own-sockets.ts';
import { locateAtBridge, locateEndpoints, portOf, type LocatableInstance } from './locate-endpoints.ts';
import { planMeta } from './plan-meta.ts';
import type {
  PlannedEndpoint,
  PlannedGateway,
  PlannedInstance,
  PlannedServer,
  PlannedServerTls,
  RoutePlan,
} from './route-plan.ts';

/** The part of a stored server that its routes depend on. */
export interface RoutableServer {
  id: string;
  path: string;
  enabled: boolean;
  transport: Transport;
  adapt?: boolean | undefined;
  hostMode: HostMode;
  timeouts: Timeouts;
  instances: readonly (LocatableInstance & { id: string; enabled: boolean; query: string })[];
}

/** What a name resolves to: an IP address (without brackets), or why there is none. */
export type Resolved = { address: string } | { problem: string };

export interface PlanInput {
  gateway: PlannedGateway;
  servers: readonly RoutableServer[];
  /** The address for a host (in the form of `URL.hostname`) and port. */
  addressOf: (host: string, port: number) => Resolved;
  /** By server id, for servers with their own TLS settings. */
  tls?: ReadonlyMap<string, PlannedServerTls>;
  /** NGINX's messages for servers that failed its test, by id. */
  rejected: ReadonlyMap<string, string>;
}

export interface Planned {
  plan: RoutePlan;
  rejected: RejectedServer[];
}

type Found<Value> = { value: Value } | { problem: string };

function bracket(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function planEndpoint(url: URL | null, input: PlanInput, socketName: string | null): Found<PlannedEndpoint | null> {
  if (url === null) return { value: null };
  const port = portOf(url);
  const socket = socketName === null ? {} : { socket: `${input.gateway.runDir}/${socketName}` };
  const resolved = socketName === null ? input.addressOf(url.hostname, port) : { address: '' };
  if ('problem' in resolved) return resolved;
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  return {
    value: {
      scheme,
      address: bracket(resolved.address),
      port,
      host: url.host,
      tlsName: scheme === 'https' ? url.hostname.replace(/^\[|\]$/g, '') : null,
      uri: url.pathname,
      ...socket,
    },
  };
}

function planInstance(
  instance: RoutableServer['instances'][number],
  server: RoutableServer,
  input: PlanInput,
): Found<PlannedInstance> {
  const socketName = socketOf(server);
  // A server of the bridge has a URL at the bridge, regardless of its own address.
  const located =
    socketName === BRIDGE_SOCKET ? locateAtBridge(server.id) : locateEndpoints(instance, server.transport);
  const mcp = planEndpoint(located.mcp, input, socketName);
  const sse = planEndpoint(located.sse, input, socketName);
  for (const found of [mcp, sse]) if ('problem' in found) return found;
  const take = (found: Found<PlannedEndpoint | null>) => ('value' in found ? found.value : null);
  const hasQuery = instance.query !== '' && socketName !== BRIDGE_SOCKET;
  return { value: { id: instance.id, mcp: take(mcp), sse: take(sse), hasQuery } };
}

function planInstances(server: RoutableServer, input: PlanInput): { instances: PlannedInstance[]; problem?: string } {
  if (!server.enabled) return { instances: [] };
  const rejected = input.rejected.get(server.id);
  if (rejected !== undefined) return { instances: [], problem: rejected };
  const found = server.instances
    .filter((instance) => instance.enabled)
    .map((instance) => planInstance(instance, server, input));
  const instances = found.flatMap((result) => ('value' in result ? [result.value] : []));
  const problem = found.flatMap((result) => ('problem' in result ? [result.problem] : []))[0];
  // One instance without an address does not affect the others.
  if (instances.length > 0 || problem === undefined) return { instances };
  return { instances, problem };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The routes of NGINX for these servers. Pure; sorted, so that equal input produces equal plans. Every server appears; those that are
 * disabled, rejected or without an address have no instances, and their calls get 503 instead of 404.
 */
export function planRoutes(input: PlanInput): Planned {
  const rejected: RejectedServer[] = [];
  const servers = [...input.servers]
    .sort((a, b) => compare(a.path, b.path))
    .map((server): PlannedServer => {
      const { instances, problem } = planInstances(server, input);
      if (problem !== undefined) rejected.push({ serverId: server.id, path: server.path, message: problem });
      return {
        id: server.id,
        path: server.path,
        hostMode: server.hostMode,
        timeouts: {
          connectMs: server.timeouts.connectMs,
          readMs: server.timeouts.readMs,
          sendMs: server.timeouts.sendMs,
        },
        tls: input.tls?.get(server.id),
        instances: instances.sort((a, b) => compare(a.id, b.id)),
      };
    });
  const { gateway } = input;
  const all = gateway.hasMeta === true ? [planMeta(gateway.runDir), ...servers] : servers;
  return { plan: { gateway, servers: all }, rejected };
}
