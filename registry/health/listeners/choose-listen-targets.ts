import { isBridged } from '../../contract/index.ts';
import type { Observation, StoredServer } from '../../store/index.ts';
import type { ListenTarget } from './listen-tools.ts';

/**
 * The servers to listen to for changes of their tools: healthy ones that declare such notifications and have a Streamable HTTP endpoint.
 * Servers with a tool lock come first: their changes matter most. One instance represents all.
 */
export function chooseListenTargets(
  servers: readonly StoredServer[],
  observationOf: (serverId: string) => Observation | undefined,
  isLocked: (serverId: string) => boolean,
): Omit<ListenTarget, 'headers'>[] {
  const targets = servers.flatMap((server) => {
    // Its connections need a separate agent; the schedule lists its tools again.
    if (server.tls !== undefined) return [];
    // A session at the bridge would need another process; the bridge itself detects changes.
    if (isBridged(server)) return [];
    const observation = observationOf(server.id);
    if (observation?.health !== 'healthy' || !observation.capabilities.includes('tools.listChanged')) return [];
    const instance = server.instances.find(({ enabled, up, endpoints }) => enabled && up && Boolean(endpoints?.mcp));
    const url = instance?.endpoints?.mcp;
    if (instance === undefined || !url) return [];
    const { id: serverId, revision, hostMode } = server;
    return [{ serverId, revision, hostMode, url, query: instance.query }];
  });
  return targets.sort((a, b) => Number(isLocked(b.serverId)) - Number(isLocked(a.serverId)));
}
