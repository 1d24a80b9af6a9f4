import { join } from 'node:path';
import { RegistryError } from '../lib/errors.ts';
import type { BridgeOutput } from '../contract/index.ts';
import { requireServer, type Store } from '../store/index.ts';
import { createBridgeClient, type BridgeClient } from './bridge-client.ts';
import type { Events } from '../lib/events.ts';
import type { Log } from '../lib/log.ts';
import { createBridgeFiles, type BridgeFiles } from './bridge-files.ts';
import { createCatalogueFiles, type CatalogueFiles } from './catalogue-files.ts';

/** The registry's side of the bridge: what it may run, and what it does. */
export interface Bridge {
  files: BridgeFiles;
  /** What the meta endpoint shows. */
  catalogue: CatalogueFiles;
  status: BridgeClient['status'];
  /** What the processes of a server wrote beside the protocol. Throws RegistryError `not_found`, `invalid` (no program), `unavailable`. */
  output: (path: string, after: number) => Promise<BridgeOutput>;
  close: () => Promise<void>;
}

export interface BridgeOptions {
  store: Pick<Store, 'servers' | 'observations' | 'tools'>;
  events: Events;
  log: Pick<Log, 'warn'>;
  /** `DATA_DIR/bridge`. */
  folder: string;
  /** The unix socket of the bridge. */
  socket: string;
  allowsPrograms: boolean;
}

/** Creates the bridge feature. Call `files.sync()` before serving. */
export function createBridge({ socket, folder, ...options }: BridgeOptions): Bridge {
  const client = createBridgeClient(socket);
  const catalogue = createCatalogueFiles({ ...options, folder: join(folder, 'catalogue') });
  return {
    files: createBridgeFiles({ ...options, folder: join(folder, 'servers') }),
    catalogue,
    status: client.status,
    async output(path, after) {
      const { id, program } = await requireServer(options.store, path);
      if (program !== null) return client.output(id, after);
      throw new RegistryError('invalid', `"${path}" is at a URL; only programs that the bridge runs have output here`);
    },
    async close() {
      await catalogue.close();
      await client.close();
    },
  };
}
