import type { GenerationView, LiveStats, ServerView } from '../contract/index.ts';
import type { LiveSource } from './live-state.ts';

/** The parts of the features that the live feed reads. */
export interface LiveSourceDeps {
  servers: {
    all(): Promise<readonly ServerView[]>;
    byId(id: string): Promise<ServerView | undefined>;
  };
  publisher: { current(): Promise<GenerationView | null> };
  activity: { totals(range: 'hour'): Promise<LiveStats> };
}

/** Above this number of servers it is cheaper to read all of them. */
const MAX_SINGLE_READS = 50;

async function readServers(
  servers: LiveSourceDeps['servers'],
  ids: readonly string[] | undefined,
): Promise<readonly ServerView[]> {
  if (ids === undefined) return servers.all();
  const requested = new Set(ids);
  if (requested.size > MAX_SINGLE_READS) return (await servers.all()).filter(({ id }) => requested.has(id));
  const found = await Promise.all([...requested].map((id) => servers.byId(id)));
  return found.filter((server) => server !== undefined && server.removedAt === null) as ServerView[];
}

/** Creates the source of the live feed: the servers that are not removed, the current generation, the calls of the last hour. */
export function createLiveSource({ servers, publisher, activity }: LiveSourceDeps): LiveSource {
  return {
    servers: (ids) => readServers(servers, ids),
    async generation() {
      const current = await publisher.current();
      return current && { number: current.number, revision: current.revision, rejected: current.rejected };
    },
    stats: () => activity.totals('hour'),
  };
}
