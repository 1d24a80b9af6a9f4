import { join } from 'node:path';
import { META_SERVER_ID } from '@mcpgw/registry/contract';
import { serve } from './http/serve.ts';
import { createMetaServer } from './meta/create-meta-server.ts';
import { startOrphanGuard, type OrphanGuard } from './programs/orphan-guard.ts';
import { createCapacity } from './servers/capacity.ts';
import { createServers } from './servers/create-servers.ts';
import { createServerFiles } from './servers/read-files.ts';
import type { Settings } from './settings.ts';

/** The checkout: bridge/ is one level below it, and so is dist/, where the built program is. */
const ROOT = join(import.meta.dirname, '..');

/** Starts everything that the bridge serves. Rejects when the socket cannot be bound. */
export async function startBridge(
  settings: Settings,
  report: (error: unknown) => void,
): Promise<{ close: () => Promise<void> }> {
  let guard: OrphanGuard | undefined;
  const meta = createMetaServer({
    catalogueFolder: join(settings.folder, 'catalogue'),
    accessFolder: settings.accessFolder,
    socket: settings.innerSocket,
    report,
  });
  const servers = createServers({
    files: createServerFiles(join(settings.folder, 'servers'), report),
    homes: join(settings.folder, 'homes'),
    builtIn: new Map([[META_SERVER_ID, meta]]),
    capacity: createCapacity(settings.maxProcesses),
    outerEnvironment: process.env,
    marks: () => (guard ??= startOrphanGuard(join(ROOT, 'bridge/programs/end-orphans.sh'))).environment,
  });
  return serve({ at: { path: settings.socket }, servers, report });
}
