import type {
  ApiDescription,
  ApiDescriptionView,
  ConfigurationStatus,
  InstanceProbe,
  ProbeResult,
  ProbeTarget,
  ServerView,
} from '../contract/index.ts';
import type { Events } from '../lib/events.ts';
import type { Store, StoredServer } from '../store/index.ts';

/** The part of health that the catalogue needs. */
export interface Prober {
  /** Probes a URL; never throws, bounded in time. */
  probe(target: ProbeTarget): Promise<ProbeResult>;
  /** Starts a server that the bridge runs once, and stores its status and tools. Never throws because of the server. */
  checkProgram(server: StoredServer): Promise<void>;
  /** Stores the results of probes of a server: status, history, tools. */
  record(server: StoredServer, probes: InstanceProbe[]): Promise<void>;
}

/** The part of publishing that the catalogue needs. */
export interface ConfigurationState {
  /** Whether NGINX serves a server as stored, the reason if not, and since when it is rejected. */
  configurationStatus(server: StoredServer): {
    configuration: ConfigurationStatus;
    message: string | null;
    since: string | null;
  };
}

/** The part of access that the catalogue needs. */
export interface AccessFiles {
  /** Writes the access file of a server from its stored state; deletes that of a removed server. */
  writeServer(serverId: string): Promise<void>;
  /** Whether the stored state of a server has not reached the gate yet. */
  isOverdue(of: { server: string }): boolean;
}

export interface ServersDeps {
  store: Store;
  events: Events;
  /** Public URL of the gateway, without a trailing slash. */
  gatewayUrl: string;
  health: Prober;
  publisher: ConfigurationState;
  /** Also writes the bridge's file of a server. */
  accessFiles: AccessFiles;
  /** STDIO_COMMANDS=allow: servers may be programs that the bridge runs. */
  allowsPrograms: boolean;
  /** Reads an OpenAPI description. Throws RegistryError `invalid`. */
  readDescription(source: ApiDescription): Promise<{
    document: string;
    view: Omit<ApiDescriptionView, 'serverFromDocument'>;
    /** The URL of the API in the description; null: no absolute URL. */
    serverUrl: string | null;
  }>;
  /** Why this URL may not be a backend, based on its resolved addresses; null if it may, or if its name has no address yet. */
  explainUrl(url: string): Promise<string | null>;
}

/** A change of a server: its current state, and the revision of the registry that produced it. */
export interface ServerChanged {
  server: ServerView;
  revision: number;
  /** False: it already had this state, since `revision`. */
  changed: boolean;
  /** Stored headers that were deleted because the server has a new origin. */
  droppedHeaders: string[];
}
