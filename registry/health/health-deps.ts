import type { BridgeStatus, ListedTools, Tool } from '../contract/index.ts';
import type { Events } from '../lib/events.ts';
import type { Log } from '../lib/log.ts';
import type { Store, StoredServer } from '../store/index.ts';
import type { UpstreamGuard } from '../upstream/index.ts';

/** The part of access that health needs: the gate selects among the instances that the access file of a server marks as up. */
export interface AccessFiles {
  writeServer(serverId: string): Promise<void>;
}

/** The part of the tools feature that health needs. */
export interface ToolRecorder {
  /** Stores the tools that instances of a server list, by instance id; returns the hash and length of the whole list. A tool lock is enforced when it returns. */
  recordTools(server: StoredServer, listed: ReadonlyMap<string, ListedTools>): Promise<{ hash: string; count: number }>;
  /** The content hash of a list. */
  hashTools(tools: Tool[]): string;
}

/** The part of the bridge that health needs. */
export interface ProgramHost {
  /** The state of a server that the bridge runs. Throws RegistryError `unavailable`. */
  status(
    serverId: string,
    options: { start: boolean; knownHash: string | null; timeoutMs: number },
  ): Promise<BridgeStatus>;
}

export interface HealthDeps {
  bridge: ProgramHost;
  store: Store;
  events: Events;
  log: Pick<Log, 'warn' | 'error'>;
  guard: UpstreamGuard;
  accessFiles: AccessFiles;
  tools: ToolRecorder;
  /** Host that NGINX sends to backends with hostMode "public". */
  publicHost: string;
  /** PEM certificates that backends are verified against; undefined: those of Node. */
  ca?: string | undefined;
  timing?: Partial<HealthTiming> | undefined;
}

export interface HealthTiming {
  /** Time from the start of the schedule to the first sweep. */
  firstMs: number;
  /** The checks of a scheduled sweep begin within this time. */
  jitterMs: number;
}

/** Settings that an operator can change at runtime. */
export interface HealthSettings {
  /** Time limit of one check, in milliseconds. */
  timeoutMs: number;
  /** Cron expression with seconds. */
  cron: string;
}
