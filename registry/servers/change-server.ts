import type { Actor, ServerPatch, ServerView, Timeouts } from '../contract/index.ts';
import { noServerAt } from '../errors.ts';
import type { StoredServer } from '../store/server-rows.ts';
import { describeServer } from './describe-server.ts';
import { INSTANCE_ID_LENGTH, makeId } from './make-id.ts';
import type { ServersParts, Verdict } from './parts.ts';
import { assumeEndpoints, placeInstances } from './place-instances.ts';
import { probeInstances } from './probe-instances.ts';
import { refuseBuiltIn, refuseInstances, refuseStale, refuseTransport } from './refuse-server.ts';

/** The stored headers with a patch merged in: a value replaces (whatever the case of the name), null removes. */
export function mergeHeaders(
  before: Record<string, string>,
  patch: Record<string, string | null>,
): Record<string, string> {
  const named = new Map(Object.entries(before).map(([name, value]) => [name.toLowerCase(), [name, value] as const]));
  for (const [name, value] of Object.entries(patch))
    if (value === null) named.delete(name.toLowerCase());
    else named.set(name.toLowerCase(), [name, value]);
  return Object.fromEntries(named.values());
}

type Present<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function dropAbsent<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>;
}

function mergeTimeouts(before: Timeouts, patch: ServerPatch['timeouts']): Timeouts {
  return {
    connectMs: patch?.connectMs ?? before.connectMs,
    readMs: patch?.readMs ?? before.readMs,
    sendMs: patch?.sendMs ?? before.sendMs,
  };
}

/** Whether a patch changes where or how the backend is called, so that it must be looked at anew. */
function changesBackend(patch: ServerPatch): boolean {
  return (
    patch.instances !== undefined ||
    patch.headers !== undefined ||
    patch.hostMode !== undefined ||
    patch.transport !== undefined ||
    patch.enabled === true
  );
}

interface Applied {
  server: StoredServer;
  headers: Record<string, string>;
}

function applyPatch(server: StoredServer, headers: Record<string, string>, patch: ServerPatch): Applied {
  const { instances, headers: changes, timeouts, metadata, ...rest } = patch;
  const transport = patch.transport ?? server.transport;
  const placed =
    instances === undefined
      ? server.instances
      : placeInstances(instances, server.instances, transport, () => makeId(INSTANCE_ID_LENGTH));
  const merged = changes === undefined ? headers : mergeHeaders(headers, changes);
  return {
    headers: merged,
    server: {
      ...server,
      ...dropAbsent(rest),
      metadata: metadata ?? server.metadata,
      timeouts: mergeTimeouts(server.timeouts, timeouts),
      headerNames: Object.keys(merged).sort(),
      // What was learnt of another transport says nothing about this one.
      instances:
        transport === server.transport
          ? placed
          : placed.map((instance) => ({ ...instance, endpoints: assumeEndpoints(instance.url, transport) })),
    },
  };
}

/**
 * Changes a server: absent fields stay. Switching it off works at the gate before this answers. `expectedRevision` is what the caller
 * decided on (If-Match). Throws RegistryError `not_found`, `stale`, `invalid` or `forbidden`.
 */
export async function changeServer(
  parts: ServersParts,
  actor: Actor,
  path: string,
  patch: ServerPatch,
  expectedRevision?: number,
): Promise<{ id: ServerView['id']; revision: number }> {
  const before = await parts.store.servers.byPath(path);
  if (before === undefined) throw noServerAt(path);
  refuseStale(before, expectedRevision);
  if (changesBackend(patch)) refuseBuiltIn(path, 'pointed elsewhere or switched');
  if (patch.enabled === false) refuseBuiltIn(path, 'switched off');
  if (patch.transport !== undefined) refuseTransport(patch.transport);
  if (patch.instances !== undefined) await refuseInstances(parts, patch.instances);

  const headersBefore = await parts.store.servers.credentials(before.id);
  const draft = applyPatch(before, headersBefore, patch);
  let verdicts: Verdict[] = [];
  let learnt: StoredServer['instances'] = [];
  if (changesBackend(patch) && draft.server.enabled)
    ({ instances: learnt, verdicts } = await probeInstances(parts, draft.server, draft.headers));

  const action =
    patch.enabled === undefined || Object.keys(patch).length > 1
      ? 'server.changed'
      : patch.enabled
        ? 'server.enabled'
        : 'server.disabled';
  const { revision } = await parts.store.change(actor, action, async (tx) => {
    // Read again: probing took its time, and another change may have come first. What both changed, the later one decides.
    const current = await tx.servers.byId(before.id);
    if (current === undefined || current.removedAt !== null) throw noServerAt(path);
    refuseStale(current, expectedRevision);
    const { server, headers } = applyPatch(current, await tx.servers.credentials(before.id), patch);
    const written = {
      ...server,
      instances: server.instances.map((instance) => {
        const drafted = learnt.find(({ url }) => url === instance.url);
        return drafted === undefined ? instance : { ...instance, id: instance.id, endpoints: drafted.endpoints };
      }),
      updatedAt: tx.now,
      revision: tx.revision,
    };
    verdicts = renameVerdicts(verdicts, learnt, written.instances);
    await tx.servers.put({ ...written, headers: patch.headers === undefined ? undefined : headers });
    return {
      value: null,
      target: path,
      before: describeServer(current, current.headerNames),
      after: describeServer(written, server.headerNames),
    };
  });
  await parts.writeServer(before.id);
  const stored = await parts.store.servers.byId(before.id);
  // With no instance enabled nothing was looked at, and that is what is to be seen of it.
  const nothingToSee = patch.instances?.every(({ enabled }) => !enabled) === true;
  if (stored !== undefined && (verdicts.length > 0 || nothingToSee)) await parts.record(stored, verdicts);
  parts.events.emit('server.changed', { serverId: before.id, path });
  return { id: before.id, revision };
}

// New instances are given their ids inside the transaction; the verdicts were made of the draft's.
function renameVerdicts(
  verdicts: Verdict[],
  drafted: StoredServer['instances'],
  written: StoredServer['instances'],
): Verdict[] {
  return verdicts.flatMap(({ instanceId, result }) => {
    const url = drafted.find(({ id }) => id === instanceId)?.url;
    const id = written.find((instance) => instance.url === url)?.id;
    return id === undefined ? [] : [{ instanceId: id, result }];
  });
}
