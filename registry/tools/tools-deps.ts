import type { Events } from '../events.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/index.ts';

/** What discovery needs of the others; registry.ts gives it. */
export interface DiscoveryParts {
  store: Store;
  events: Events;
  log: Pick<Log, 'error'>;
  /** Writes the access file of a server, which asks `allowedTools` for the names that it lets through. */
  writeServer(serverId: string): Promise<void>;
}
