import { locateEndpoints, portOf } from '../plan/locate-endpoints.ts';
import type { RoutableServer } from '../plan/plan-routes.ts';
import type { Target } from './resolve-names.ts';

/** Every host and port that the enabled instances of these servers live at, once each. */
export function listTargets(servers: readonly RoutableServer[]): Target[] {
  const targets = new Map<string, Target>();
  for (const server of servers)
    for (const instance of server.instances) {
      if (!server.enabled || !instance.enabled) continue;
      const { mcp, sse, message } = locateEndpoints(instance, server.transport);
      for (const url of [mcp, sse, message])
        if (url !== null) targets.set(url.host + url.protocol, { host: url.hostname, port: portOf(url) });
    }
  return [...targets.values()];
}
