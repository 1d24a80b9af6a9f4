import { join } from 'node:path';
import { RegistryError } from '../lib/errors.ts';
import { isBridged, type Api, type BridgeOutput, type UpstreamFile } from '../contract/index.ts';
import { requireServer, type Store } from '../store/index.ts';
import { createBridgeClient, type BridgeClient } from './bridge-client.ts';
import type { Events } from '../lib/events.ts';
import type { Log } from '../lib/log.ts';
import { createBridgeFiles, type BridgeFiles } from './bridge-files.ts';
import { createVirtualFiles } from './virtual-files.ts';
import { createCatalogueFiles, type CatalogueFiles } from './catalogue-files.ts';

/** The registry's side of the bridge: files that define what it may run, and its status. */
export interface Bridge {
  files: BridgeFiles;
  /** What the meta endpoint shows. */
  catalogue: CatalogueFiles;
  status: BridgeClient['status'];
  /** What the processes of a server wrote outside the protocol. Throws RegistryError `not_found`, `invalid` (no program), `unavailable`. */
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
  /** The addresses that the bridge may reach. */
  upstream: Omit<UpstreamFile, 'v'>;
  /** Throws RegistryError `invalid`. */
  compileDescription: (document: string, at: string | null) => Api;
}

/** Creates the bridge feature. Call `files.sync()` before serving. */
export function createBridge({ socket, folder, ...options }: BridgeOptions): Bridge {
  const client = createBridgeClient(socket);
  const catalogue = createCatalogueFiles({ ...options, folder: join(folder, 'catalogue') });
  const programs = createBridgeFiles({ ...options, folder });
  const virtual = createVirtualFiles(options.store, join(folder, 'virtual'));
  return {
    files: {
      async writeServer(id) {
        await programs.writeServer(id);
        await virtual.writeServer(id);
      },
      async sync() {
        await programs.sync();
        await virtual.sync();
      },
    },
    catalogue,
    status: client.status,
    async output(path, after) {
      const server = await requireServer(options.store, path);
      const { id } = server;
      if (isBridged(server)) return client.output(id, after);
      throw new RegistryError('invalid', `"${path}" is at a URL; only programs that the bridge runs have output here`);
    },
    async close() {
      await catalogue.close();
      await client.close();
    },
  };
}
