import { locateEndpoints, portOf } from '../plan/locate-endpoints.ts';
import { socketOf } from '../plan/own-sockets.ts';
import type { RoutableServer } from '../plan/plan-routes.ts';
import type { Target } from './resolve-names.ts';

/** Every host and port of the enabled instances of these servers, once each. */
export function listTargets(servers: readonly RoutableServer[]): Target[] {
  const targets = new Map<string, Target>();
  for (const server of servers) {
    if (!server.enabled || socketOf(server) !== null) continue;
    for (const instance of server.instances.filter(({ enabled }) => enabled)) {
      const { mcp, sse } = locateEndpoints(instance, server.transport);
      for (const url of [mcp, sse])
        if (url !== null) targets.set(url.host + url.protocol, { host: url.hostname, port: portOf(url) });
    }
  }
  return [...targets.values()];
}
