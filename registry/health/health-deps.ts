import type { ListedTools, Tool } from '../contract/index.ts';
import type { Events } from '../events.ts';
import type { Log } from '../log.ts';
import type { Store, StoredServer } from '../store/index.ts';
import type { UpstreamGuard } from './transport/upstream-guard.ts';

/** What health needs of the others; registry.ts gives it. */
export interface HealthParts {
  store: Store;
  events: Events;
  log: Pick<Log, 'warn' | 'error'>;
  guard: UpstreamGuard;
  /** Host that NGINX sends to backends with hostMode "public". */
  publicHost: string;
  /** PEM certificates that backends are verified against; undefined: those of Node. */
  ca?: string | undefined;
  /** Bound of one check, in milliseconds; read anew for each. */
  timeoutMs: () => number;
  /** Cron expression with seconds. */
  cron: string;
  /** Writes the access file of a server: an instance went up or down. */
  writeServer(serverId: string): Promise<void>;
  /** Keeps what instances of a server list, by their id; gives the hash and the length of the whole list. A pin is enforced by it when it returns. */
  keepTools(server: StoredServer, listed: ReadonlyMap<string, ListedTools>): Promise<{ hash: string; count: number }>;
  /** The content hash of a list. */
  hashTools(tools: Tool[]): string;
}
