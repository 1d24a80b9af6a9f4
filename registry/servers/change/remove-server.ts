import type { Actor } from '../../contract/index.ts';
import { describeServer } from './describe-server.ts';
import { enforceChange } from './enforce-change.ts';
import type { ServersDeps } from '../servers-deps.ts';
import { noServerAt } from '../../lib/errors.ts';
import { requireRevision } from '../../lib/require-revision.ts';
import { rejectManaged } from '../../store/index.ts';
import { rejectBuiltIn, rejectTaken } from '../validate/validate-server.ts';

/**
 * Removes a server; it can be restored. The gate refuses its calls before this returns; the reload that removes its routes follows.
 * Throws RegistryError `not_found`, `stale` or `forbidden`.
 */
export async function removeServer(
  deps: ServersDeps,
  actor: Actor,
  path: string,
  expectedRevision?: number,
): Promise<{ id: string; revision: number }> {
  rejectBuiltIn(path, 'removed');
  const { value: id, revision } = await deps.store.change(actor, 'server.removed', async (tx) => {
    const server = await tx.servers.byPath(path);
    if (server === undefined) throw noServerAt(path);
    requireRevision(`the server "${path}"`, server.revision, expectedRevision);
    rejectManaged(`the server "${path}"`, server);
    await tx.servers.put({
      ...server,
      headers: undefined,
      removedAt: tx.now,
      updatedAt: tx.now,
      revision: tx.revision,
    });
    return { value: server.id, target: path, before: describeServer(server, server.headerNames, server.envNames) };
  });
  await enforceChange(deps, id, () => deps.events.emit('server.removed', { serverId: id, path }));
  return { id, revision };
}

/** Restores the server that was last removed from `path`. Throws RegistryError `not_found` or `conflict`. */
export async function restoreServer(
  deps: ServersDeps,
  actor: Actor,
  path: string,
): Promise<{ id: string; revision: number }> {
  const { value: id, revision } = await deps.store.change(actor, 'server.restored', async (tx) => {
    const server = await tx.servers.lastRemoved(path);
    const existing = await tx.servers.byPath(path);
    if (server === undefined) throw existing === undefined ? noServerAt(path) : notRemoved(path);
    rejectTaken(path, existing);
    const restored = {
      ...server,
      managedBy: undefined,
      headers: undefined,
      removedAt: null,
      updatedAt: tx.now,
      revision: tx.revision,
    };
    await tx.servers.put(restored);
    return { value: server.id, target: path, after: describeServer(restored, server.headerNames, server.envNames) };
  });
  await enforceChange(deps, id, () => deps.events.emit('server.restored', { serverId: id, path }));
  return { id, revision };
}

function notRemoved(path: string): Error {
  const error = noServerAt(path);
  error.message = `the server at "${path}" was not removed, so there is nothing to restore`;
  return error;
}
