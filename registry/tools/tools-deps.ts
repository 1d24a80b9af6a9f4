import type { Events } from '../lib/events.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/index.ts';

/** The part of access that tools need: a server's file lists the tools that the gate lets through. */
export interface AccessFiles {
  writeServer(serverId: string): Promise<void>;
}

export interface ToolsDeps {
  store: Store;
  events: Events;
  log: Pick<Log, 'error'>;
  accessFiles: AccessFiles;
}
