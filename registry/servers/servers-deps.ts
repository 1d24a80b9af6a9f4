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
  /** Starts a server that the bridge runs once, and stores what it is and lists. Never throws because of the server. */
  checkProgram(server: StoredServer): Promise<void>;
  /** Stores what probes found of a server: status, history, tools. */
  record(server: StoredServer, probes: InstanceProbe[]): Promise<void>;
}

/** The part of publishing that the catalogue needs. */
export interface ConfigurationState {
  /** Whether NGINX serves a server as stored, why not, and since when it is rejected. */
  configurationStatus(server: StoredServer): {
    configuration: ConfigurationStatus;
    message: string | null;
    since: string | null;
  };
}

/** The part of access that the catalogue needs. */
export interface AccessFiles {
  /** Writes the access file of a server as the store has it now; removes that of a removed server. */
  writeServer(serverId: string): Promise<void>;
  /** Whether the gate does not know yet what is stored of a server. */
  isOverdue(of: { server: string }): boolean;
}

export interface ServersDeps {
  store: Store;
  events: Events;
  /** Public address of the gateway, without slash at the end. */
  gatewayUrl: string;
  health: Prober;
  publisher: ConfigurationState;
  /** Also what the bridge may run. */
  accessFiles: AccessFiles;
  /** STDIO_COMMANDS=allow: servers may be programs that the bridge runs. */
  allowsPrograms: boolean;
  /** Reads an OpenAPI description. Throws RegistryError `invalid`. */
  readDescription(source: ApiDescription): Promise<{
    document: string;
    view: Omit<ApiDescriptionView, 'serverFromDocument'>;
    /** The URL of the API that it names; null: none that is absolute. */
    serverUrl: string | null;
  }>;
  /** Why this URL may not be a backend, judged on its resolved addresses; null when it may, or when its name has no address yet. */
  explainUrl(url: string): Promise<string | null>;
}

/** A change of a server: what it is now, and the revision of the registry that made it so. */
export interface ServerChanged {
  server: ServerView;
  revision: number;
  /** False: it was like that before, since `revision`. */
  changed: boolean;
  /** Stored headers that were deleted because the server has a new origin. */
  droppedHeaders: string[];
}
