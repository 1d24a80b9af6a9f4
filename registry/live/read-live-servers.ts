import type { ServerView } from '../contract/index.ts';

/** What is asked of the catalogue. */
export interface LiveCatalogue {
  all(): Promise<readonly ServerView[]>;
  byId(id: string): Promise<ServerView | undefined>;
}

/** Beyond so many it is cheaper to read all. */
const FEW = 50;

/** The servers with these ids that are not removed; all of them when no ids are given. */
export async function readLiveServers(
  catalogue: LiveCatalogue,
  ids?: readonly string[],
): Promise<readonly ServerView[]> {
  if (ids === undefined) return catalogue.all();
  const wanted = new Set(ids);
  if (wanted.size > FEW) return (await catalogue.all()).filter(({ id }) => wanted.has(id));
  const found = await Promise.all([...wanted].map((id) => catalogue.byId(id)));
  return found.filter((server) => server !== undefined && server.removedAt === null) as ServerView[];
}
