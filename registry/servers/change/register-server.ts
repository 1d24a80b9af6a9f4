import { isBridged, type Actor, type InstanceProbe, type ServerInput } from '../../contract/index.ts';
import { describeApi } from './describe-api.ts';
import { describeServer } from './describe-server.ts';
import { enforceChange } from './enforce-change.ts';
import { INSTANCE_ID_LENGTH, createId, SERVER_ID_LENGTH } from '../create-id.ts';
import type { ServersDeps } from '../servers-deps.ts';
import { mergeTls } from './merge-tls.ts';
import { placeServer } from './place-at-bridge.ts';
import { probeInstances } from './probe-instances.ts';
import {
  rejectBuiltIn,
  validateInstances,
  rejectPrograms,
  rejectTaken,
  rejectTransport,
} from '../validate/validate-server.ts';
import { validateTools } from '../validate/validate-tools.ts';
import { validateTls } from '../validate/validate-tls.ts';

export interface RegisterOptions {
  /** Set only by the registry itself, for its own management server. */
  builtIn?: boolean;
}

/**
 * Registers a server: probes it, stores it, writes its access file, records the probe and emits the event. A server that is down is registered
 * anyway. Returns its id. Throws RegistryError `conflict`, `invalid` or `forbidden`.
 */
export async function registerServer(
  deps: ServersDeps,
  actor: Actor,
  input: ServerInput,
  options: RegisterOptions = {},
): Promise<{ id: string; revision: number }> {
  const { path, headers, env, instances: named, tls: tlsInput, openapi: source, ...rest } = input;
  const fields = { ...rest, tls: mergeTls(undefined, tlsInput) };
  const builtIn = options.builtIn === true;
  if (!builtIn) rejectBuiltIn(path, 'registered');
  rejectTransport(fields.transport);
  if (fields.program !== null) rejectPrograms(deps);
  rejectTaken(path, await deps.store.servers.byPath(path));
  validateTls(fields.tls);
  const described = source === undefined ? undefined : await describeApi(deps, source, named);
  const requested = described?.instances ?? named;
  if (!builtIn) await validateInstances(deps, requested);
  if (fields.tools !== undefined) await validateTools(deps, path, fields.tools);

  const id = createId(SERVER_ID_LENGTH);
  const atBridge = isBridged(fields);
  const placed = placeServer({ ...fields, id }, requested, [], () => createId(INSTANCE_ID_LENGTH));
  // The management server is this process, which is still starting; a server at the bridge is checked once its file is written.
  const probed: { instances: typeof placed; probes: InstanceProbe[] } =
    builtIn || atBridge
      ? { instances: placed, probes: [] }
      : await probeInstances(deps, { ...fields, instances: placed }, headers);

  const { revision } = await deps.store.change(actor, 'server.registered', async (tx) => {
    rejectTaken(path, await tx.servers.byPath(path));
    const server = {
      ...fields,
      id,
      path,
      headers,
      env,
      savedBy: actor.name,
      ...(described !== undefined && { openapi: described.openapi, document: described.document }),
      instances: probed.instances,
      createdAt: tx.now,
      updatedAt: tx.now,
      removedAt: null,
      revision: tx.revision,
    };
    await tx.servers.put(server);
    const after = describeServer(server, Object.keys(headers), Object.keys(env));
    return { value: id, target: path, after };
  });
  const record = async () => {
    const stored = await deps.store.servers.byId(id);
    if (stored === undefined) return;
    if (atBridge && stored.enabled) await deps.health.checkProgram(stored);
    else await deps.health.record(stored, probed.probes);
  };
  await enforceChange(deps, id, () => deps.events.emit('server.registered', { serverId: id, path }), record);
  return { id, revision };
}
