import type { Events } from '../events.ts';
import type { Store } from '../store/index.ts';

/** The little of a logger that is used here; pino fits. */
export interface Log {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** What discovery needs of the others; registry.ts gives it. */
export interface DiscoveryParts {
  store: Store;
  events: Events;
  log: Log;
  /** Writes the access file of a server, which asks `allowedTools` for the names that it lets through. */
  writeServer(serverId: string): Promise<void>;
}
