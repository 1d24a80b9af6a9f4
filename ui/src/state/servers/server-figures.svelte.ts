import type { ServerStats } from '@mcpgw/registry/contract';
import { getServerStats } from '../../lib/api/activity-api.ts';
import { poll } from '../../lib/dom/poll.ts';

/** The registry counts calls per minute; a row need not be newer than this. */
const REFRESH_MS = 15_000;

export type ServerFigures = ServerStats['items'][number];

/** The figures of each server for the last hour, for the list. */
export class ServerFiguresStore {
  #byPath = $state.raw<Partial<Record<string, ServerFigures>>>({});

  /** The figures of a server; undefined: it was not called. */
  of(path: string): ServerFigures | undefined {
    return Object.hasOwn(this.#byPath, path) ? this.#byPath[path] : undefined;
  }

  /** Loads them now and periodically until the returned function is called. */
  start(): () => void {
    return poll(REFRESH_MS, async () => {
      try {
        const { items } = await getServerStats('hour');
        this.#byPath = Object.fromEntries(items.map((item) => [item.server, item]));
      } catch {
        // The connection status shows that the registry is unreachable; the previous figures remain.
      }
    });
  }
}
