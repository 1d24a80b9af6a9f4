import { join } from 'node:path';
import { META_SERVER_ID } from '@mcpgw/registry/contract';
import { serve } from './http/serve.ts';
import { createAccess } from './meta/access.ts';
import { createCatalogue } from './meta/catalogue.ts';
import { createMetaServer } from './meta/create-meta-server.ts';
import { createApiServer } from './api/create-api-server.ts';
import { createUpstream } from './upstream/create-upstream.ts';
import { startOrphanGuard, type OrphanGuard } from './programs/orphan-guard.ts';
import { createCapacity } from './servers/capacity.ts';
import { createRemoteServer } from './remote/create-remote-server.ts';
import { createProgramServer } from './servers/create-program-server.ts';
import { createServers } from './servers/create-servers.ts';
import { createServerFiles } from './servers/read-files.ts';
import type { Settings } from './settings.ts';
import { createVirtualServers } from './virtual/create-virtual-servers.ts';

/** The checkout: bridge/ is one level below it, and so is dist/, which contains the built program. */
const ROOT = join(import.meta.dirname, '..');

/** Limit for all servers that the bridge adapts together. */
const MAX_CONNECTIONS = 5_000;

/** Starts everything that the bridge serves. Rejects when the socket cannot be bound. */
export async function startBridge(
  settings: Settings,
  report: (error: unknown) => void,
): Promise<{ close: () => Promise<void> }> {
  let guard: OrphanGuard | undefined;
  const shared = {
    catalogue: createCatalogue(join(settings.folder, 'catalogue'), report),
    access: createAccess(settings.accessFolder),
    socket: settings.innerSocket,
  };
  const meta = createMetaServer(shared);
  const virtual = createVirtualServers({ ...shared, folder: join(settings.folder, 'virtual'), report });
  const upstream = createUpstream(join(settings.folder, 'upstream.json'), report);
  const programs = {
    homes: join(settings.folder, 'homes'),
    capacity: createCapacity(settings.maxProcesses),
    outerEnvironment: process.env,
    surroundings: { hidden: settings.hidden, root: ROOT, path: process.env['PATH'] ?? '' },
    marks: () => (guard ??= startOrphanGuard(join(ROOT, 'bridge/programs/end-orphans.sh'))).environment,
  };
  const connections = createCapacity(MAX_CONNECTIONS, {
    name: 'connections to remote servers',
    hint: 'Try again when other clients have ended their sessions.',
  });
  const servers = createServers({
    files: createServerFiles(join(settings.folder, 'servers'), report),
    create: {
      program: (file) => createProgramServer(file, programs),
      openapi: (file) => createApiServer(file, upstream),
      mcp: (file) => createRemoteServer(file, { upstream, capacity: connections }),
    },
    builtIn: {
      get: (id) => (id === META_SERVER_ID ? meta : virtual.get(id)),
      values: () => [meta, ...virtual.values()],
    },
  });
  const listening = await serve({ at: { path: settings.socket }, servers, report });
  return {
    async close() {
      virtual.close();
      await listening.close();
    },
  };
}
