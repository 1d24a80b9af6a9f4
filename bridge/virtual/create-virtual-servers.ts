import { virtualFile } from '@mcpgw/registry/contract';
import { createInnerSessions } from '../inner/inner-sessions.ts';
import type { Access } from '../meta/access.ts';
import type { Catalogue } from '../meta/catalogue.ts';
import type { BuiltIn } from '../servers/create-servers.ts';
import { createFiles } from '../servers/read-files.ts';
import { createVirtualServer, type VirtualServer } from './create-virtual-server.ts';

export interface VirtualServersOptions {
  /** `DATA_DIR/bridge/virtual`. */
  folder: string;
  catalogue: Catalogue;
  access: Access;
  /** The unix socket on which NGINX accepts calls of the bridge. */
  socket: string;
  report: (problem: string) => void;
}

const WATCH_MS = 500;

/** The virtual servers that are registered and were used. Their clients are notified of changed tools within two seconds. */
export function createVirtualServers(options: VirtualServersOptions): BuiltIn & { close: () => void } {
  const { catalogue, access, socket } = options;
  const files = createFiles(options.folder, virtualFile, options.report);
  const servers = new Map<string, VirtualServer>();
  const isVirtual = (id: string) => files.read(id) !== undefined;
  const deps = { catalogue, access, socket, isVirtual, sessions: createInnerSessions() };

  function get(id: string): VirtualServer | undefined {
    const file = files.read(id);
    const existing = servers.get(id);
    if (file === undefined) {
      servers.delete(id);
      void existing?.close();
      return undefined;
    }
    existing?.change(file);
    if (existing !== undefined) return existing;
    const created = createVirtualServer(file, deps);
    servers.set(id, created);
    return created;
  }

  const timer = setInterval(() => {
    for (const id of [...servers.keys()]) get(id)?.watch();
  }, WATCH_MS).unref();

  return { get, values: () => servers.values(), close: () => clearInterval(timer) };
}
