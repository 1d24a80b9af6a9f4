import type { Observation, StoredServer } from '../../store/index.ts';
import type { ListenTarget } from './listen-tools.ts';

/**
 * Which servers are listened to for changes of their tools: those that say that they tell, are well, and have a Streamable HTTP endpoint.
 * A pinned server comes first: its changes matter most. One instance stands for all.
 */
export function chooseListened(
  servers: readonly StoredServer[],
  seen: (serverId: string) => Observation | undefined,
  isPinned: (serverId: string) => boolean,
): Omit<ListenTarget, 'headers'>[] {
  const targets = servers.flatMap((server) => {
    const observation = seen(server.id);
    if (observation?.observed !== 'healthy' || !observation.capabilities.includes('tools.listChanged')) return [];
    const instance = server.instances.find(({ enabled, up, endpoints }) => enabled && up && Boolean(endpoints?.mcp));
    const url = instance?.endpoints?.mcp;
    if (instance === undefined || !url) return [];
    const { id: serverId, revision, hostMode } = server;
    return [{ serverId, revision, hostMode, url, query: instance.query }];
  });
  return targets.sort((a, b) => Number(isPinned(b.serverId)) - Number(isPinned(a.serverId)));
}
