import type { ConfigurationStatus, InstanceProbe, ProbeResult, ProbeTarget, ServerView } from '../contract/index.ts';
import type { Events } from '../events.ts';
import type { Store, StoredServer } from '../store/index.ts';

/** What the catalogue needs of the others; registry.ts gives it. */
export interface ServersDeps {
  store: Store;
  events: Events;
  /** Public address of the gateway, without slash at the end. */
  gatewayUrl: string;
  /** Looks at a URL; never throws, bounded in time. */
  probe(target: ProbeTarget): Promise<ProbeResult>;
  /** Keeps what was seen of a server: status, history, tools. */
  record(server: StoredServer, verdicts: InstanceProbe[]): Promise<void>;
  /** What NGINX serves of it, and why it is rejected if it is. */
  configurationStatus(server: StoredServer): { configuration: ConfigurationStatus; message: string | null };
  /** Writes the access file of a server as the store has it now; a removed server's file says off. */
  writeServer(serverId: string): Promise<void>;
  /** Why this URL may not be a backend, judged on its resolved addresses; null when it may, or when its name has no address yet. */
  refuseUrl(url: string): Promise<string | null>;
}

/** A change of a server: what it is now, and the revision of the registry that made it so. */
export interface ServerChanged {
  server: ServerView;
  revision: number;
  /** False: it was like that before, since `revision`. */
  changed: boolean;
}
