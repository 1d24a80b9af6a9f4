import { isDeepStrictEqual } from 'node:util';
import { isBridged, PROGRAM_FIELDS, type Actor, type InstanceProbe, type ServerPatch } from '../../contract/index.ts';
import { noServerAt } from '../../lib/errors.ts';
import { requireRevision } from '../../lib/require-revision.ts';
import { NothingToChange, rejectManaged, type Store, type StoredServer } from '../../store/index.ts';
import { applyPatch, isSame, type Draft } from './apply-patch.ts';
import { describeApi, type DescribedApi } from './describe-api.ts';
import { describeServer } from './describe-server.ts';
import { enforceChange } from './enforce-change.ts';
import type { ServersDeps } from '../servers-deps.ts';
import { probeInstances } from './probe-instances.ts';
import {
  rejectBuiltIn,
  rejectCookie,
  validateInstances,
  rejectOtherKind,
  rejectPrograms,
  rejectTransport,
  rejectUnadaptable,
} from '../validate/validate-server.ts';
import { validateTools } from '../validate/validate-tools.ts';
import { validateTls } from '../validate/validate-tls.ts';

/** Whether a patch changes the address or the calls of the backend, so that it must be probed again. */
function changesBackend(patch: ServerPatch): boolean {
  return (
    patch.instances !== undefined ||
    patch.headers !== undefined ||
    patch.tls !== undefined ||
    patch.hostMode !== undefined ||
    patch.transport !== undefined ||
    patch.adapt !== undefined ||
    patch.tools !== undefined ||
    patch.enabled === true ||
    patch.openapi !== undefined ||
    PROGRAM_FIELDS.some((field) => patch[field] !== undefined)
  );
}

/**
 * Changes a server: absent fields remain unchanged. Disabling it is in force at the gate before this returns. `expectedRevision` is the revision
 * that the caller has read (If-Match). A patch that changes nothing is not probed, stored, audited or published, and a rollback remains in force;
 * `revision` is null then. Throws RegistryError `not_found`, `stale`, `invalid` or `forbidden`.
 */
export async function changeServer(
  deps: ServersDeps,
  actor: Actor,
  path: string,
  patch: ServerPatch,
  expectedRevision?: number,
): Promise<{ id: string; revision: number | null; droppedHeaders: string[] }> {
  const server = await deps.store.servers.byPath(path);
  if (server === undefined) throw noServerAt(path);
  const { id } = server;
  requireRevision(`the server "${path}"`, server.revision, expectedRevision);
  if (changesBackend(patch)) rejectBuiltIn(path, 'moved to another address or enabled');
  if (patch.enabled === false) rejectBuiltIn(path, 'disabled');
  if (patch.transport !== undefined) rejectTransport(patch.transport);
  rejectOtherKind(server, patch);
  rejectCookie(server, patch);
  if (server.program !== null && changesBackend(patch)) rejectPrograms(deps);

  const before = await readDraft(deps.store, server);
  const described = await describePatch(deps, server, patch);
  const draft = applyPatch(before, patch, described);
  if (isSame(before, draft)) return leaveUnchanged(deps, id);
  rejectManaged(`the server "${path}"`, server);
  const atBridge = isBridged(draft.server);
  validateTls(draft.server.tls);
  const named = described?.instances ?? patch.instances;
  rejectUnadaptable(draft.server, named ?? server.instances);
  if (named !== undefined) await validateInstances(deps, named);
  if (patch.tools !== undefined) await validateTools(deps, path, patch.tools);

  let probed: { instances: StoredServer['instances']; probes: InstanceProbe[] } = { instances: [], probes: [] };
  if (!atBridge && changesBackend(patch) && draft.server.enabled)
    probed = await probeInstances(deps, draft.server, draft.headers);

  const written = await writeChange(deps, actor, id, {
    patch,
    expectedRevision,
    described,
    found: probed.instances,
  }).catch((error: unknown) => {
    if (error instanceof NothingToChange) return null;
    throw error;
  });
  // Another request made the same change while this one probed.
  if (written === null) return leaveUnchanged(deps, id);
  const record = async () => {
    const stored = await deps.store.servers.byId(id);
    if (stored !== undefined && atBridge && changesBackend(patch) && stored.enabled)
      return deps.health.checkProgram(stored);
    const probes = renameProbes(probed.probes, probed.instances, written.instances);
    // Without an enabled instance nothing was probed, and the stored health must reflect that.
    const hasNoTarget = patch.instances?.every(({ enabled }) => !enabled) === true;
    if (stored !== undefined && (probes.length > 0 || hasNoTarget)) await deps.health.record(stored, probes);
  };
  await enforceChange(deps, id, () => deps.events.emit('server.changed', { serverId: id, path }), record);
  return { id, revision: written.revision, droppedHeaders: written.droppedHeaders };
}

/** Leaves a server unchanged. Writes its access file again: an earlier change may not be at the gate yet, and a response promises that it is. */
async function leaveUnchanged(
  deps: ServersDeps,
  id: string,
): Promise<{ id: string; revision: null; droppedHeaders: string[] }> {
  await deps.accessFiles.writeServer(id);
  return { id, revision: null, droppedHeaders: [] };
}

async function readDraft(rows: Pick<Store, 'servers'>, server: StoredServer): Promise<Draft> {
  const { id } = server;
  return { server, headers: await rows.servers.credentials(id), env: await rows.servers.environment(id) };
}

function nameAction(patch: ServerPatch): string {
  if (patch.enabled === undefined || Object.keys(patch).length > 1) return 'server.changed';
  return patch.enabled ? 'server.enabled' : 'server.disabled';
}

interface ProbedPatch {
  patch: ServerPatch;
  expectedRevision: number | undefined;
  described: DescribedApi | undefined;
  found: StoredServer['instances'];
}

/** Reads the API description that a patch names; a URL that an operator set for the API is retained. */
async function describePatch(
  deps: ServersDeps,
  server: StoredServer,
  { openapi, instances }: ServerPatch,
): Promise<DescribedApi | undefined> {
  if (openapi === undefined) return undefined;
  const current = server.openapi?.serverFromDocument === true ? [] : server.instances;
  return describeApi(deps, openapi, instances ?? current.map(({ url, weight, enabled }) => ({ url, weight, enabled })));
}

/** Stores a patch with the instances that probing `found`. Throws NothingToChange, and what `changeServer` throws. */
async function writeChange(
  deps: ServersDeps,
  actor: Actor,
  id: string,
  { patch, expectedRevision, described, found }: ProbedPatch,
): Promise<{ instances: StoredServer['instances']; revision: number; droppedHeaders: string[] }> {
  const { value, revision } = await deps.store.change(actor, nameAction(patch), async (tx) => {
    // Read again: another change may have been stored while this one probed. Of fields that both changed, the later change wins.
    const server = await tx.servers.byId(id);
    if (server === undefined || server.removedAt !== null) throw noServerAt(server?.path ?? id);
    requireRevision(`the server "${server.path}"`, server.revision, expectedRevision);
    const before = await readDraft(tx, server);
    const after = applyPatch(before, patch, described);
    if (isSame(before, after)) throw new NothingToChange();
    rejectManaged(`the server "${server.path}"`, server);
    const written = {
      ...after.server,
      instances: after.server.instances.map((instance) => {
        const drafted = found.find(({ url }) => url === instance.url);
        return drafted === undefined ? instance : { ...instance, endpoints: drafted.endpoints };
      }),
      updatedAt: tx.now,
      revision: tx.revision,
    };
    await tx.servers.put({
      ...written,
      savedBy: actor.name,
      headers: isDeepStrictEqual(before.headers, after.headers) ? undefined : after.headers,
      env: patch.env === undefined ? undefined : after.env,
      document: described?.document,
    });
    return {
      value: { instances: written.instances, droppedHeaders: after.droppedHeaders },
      target: server.path,
      before: describeServer(server, server.headerNames, server.envNames),
      after: describeServer(written, written.headerNames, written.envNames),
    };
  });
  return { ...value, revision };
}

// New instances get their ids inside the transaction; the probes have the ids of the draft.
function renameProbes(
  probes: InstanceProbe[],
  drafted: StoredServer['instances'],
  written: StoredServer['instances'],
): InstanceProbe[] {
  return probes.flatMap(({ instanceId, result }) => {
    const url = drafted.find(({ id }) => id === instanceId)?.url;
    const id = written.find((instance) => instance.url === url)?.id;
    return id === undefined ? [] : [{ instanceId: id, result }];
  });
}
