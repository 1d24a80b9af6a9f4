import type { ServerStats } from '@mcpgw/registry/contract';
import { getServerStats } from '../../lib/api/activity-api.ts';
import { poll } from '../../lib/dom/poll.ts';

/** The registry counts calls in minutes; a row need not be newer than this. */
const REFRESH_MS = 15_000;

export type ServerFigures = ServerStats['items'][number];

/** What every server did in the last hour, for the list. */
export class ServerFiguresStore {
  #byPath = $state.raw<ReadonlyMap<string, ServerFigures>>(new Map());

  /** The figures of a server; undefined: it was not called. */
  of(path: string): ServerFigures | undefined {
    return this.#byPath.get(path);
  }

  /** Reads them now and again until the returned function is called. */
  start(): () => void {
    return poll(REFRESH_MS, async () => {
      try {
        const { items } = await getServerStats('hour');
        this.#byPath = new Map(items.map((item) => [item.server, item]));
      } catch {
        // The connection status says that the registry is away; what was known stays.
      }
    });
  }
}
