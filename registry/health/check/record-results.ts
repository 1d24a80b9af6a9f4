import type { HealthStatus, ProbeResult } from '../../contract/index.ts';
import type { Observation, StoredServer } from '../../store/index.ts';
import type { HealthDeps } from '../health-deps.ts';
import { explainHeld, guardMoves } from '../status/guard-moves.ts';
import { evaluateInstance } from '../status/instance-health.ts';
import { restoreInstance, type KnownInstance, type ServerState } from '../status/server-state.ts';
import { summarise, type Summary } from '../status/summarise.ts';
import type { InstanceCheck } from './check-instance.ts';
import type { BufferedCheck } from './observation-buffer.ts';

/** One server, its state so far, and the new checks of its instances by id. */
export interface CheckedServer {
  server: StoredServer;
  state: ServerState;
  checks: ReadonlyMap<string, InstanceCheck>;
}

export interface RecordOptions {
  decisive: boolean;
  /** The list of tools was requested. */
  wantsList: boolean;
  slowMs: number;
  /** Epoch milliseconds. */
  now: number;
  /** When the tools of this check are to be listed again: milliseconds of the monotonic clock. */
  listAgainAtMs: number;
}

async function recordInstances(
  deps: HealthDeps,
  { server, state, checks }: CheckedServer,
  options: RecordOptions,
): Promise<{ upChanged: boolean; endpointsChanged: boolean }> {
  let upChanged = false;
  let endpointsChanged = false;
  for (const instance of server.instances) {
    const check = checks.get(instance.id);
    if (check === undefined) continue;
    let known = state.instances.get(instance.id);
    if (known?.url !== instance.url) known = restoreInstance(instance, undefined);
    const { endpoints: stored } = instance;
    const seen = { stored, found: check.result.endpoints, revision: server.revision, nowMs: options.now };
    const { endpoints, moves, heldUntilMs } = guardMoves(known.moves, seen);
    const result = heldUntilMs === null ? check.result : explainHeld(check.result, stored, heldUntilMs);
    const health = evaluateInstance(known.state, result, options);
    // An instance that is up again may have other tools.
    if (health.up && !known.state.up && !check.listed) state.wantsFullProbe = true;
    state.instances.set(instance.id, {
      url: instance.url,
      state: health,
      era: result.era ?? known.era,
      protocolVersion: result.protocolVersion ?? known.protocolVersion,
      toolsHash: check.listed ? deps.tools.hashTools(result.tools) : known.toolsHash,
      flaw: findFlaw(check.result, known),
      moves,
    });
    const moved = endpoints !== stored;
    if (!moved && health.up === instance.up) continue;
    await deps.store.servers.putInstanceState(server.id, instance.id, { up: health.up, endpoints });
    upChanged ||= health.up !== instance.up;
    endpointsChanged ||= moved;
  }
  for (const id of state.instances.keys())
    if (!server.instances.some((instance) => instance.id === id)) state.instances.delete(id);
  return { upChanged, endpointsChanged };
}

/** The flaw of an instance that can be called; the known flaw is retained if its tools were not listed. */
function findFlaw({ health, listing, problem, remedy }: ProbeResult, known: KnownInstance): KnownInstance['flaw'] {
  if (health === 'degraded' && listing !== 'none') return { problem, remedy };
  return listing === 'none' && health !== 'unhealthy' ? known.flaw : null;
}

async function recordTools(
  deps: HealthDeps,
  { server, checks }: CheckedServer,
): Promise<Pick<Observation, 'snapshotHash' | 'toolCount'> | null> {
  const listed = new Map([...checks].flatMap(([id, check]) => (check.listed ? [[id, check.result] as const] : [])));
  if (listed.size === 0) return null;
  const { hash, count } = await deps.tools.recordTools(server, listed);
  return { snapshotHash: hash, toolCount: count };
}

function observe({ server, state, checks }: CheckedServer, summary: Summary, now: number): Observation {
  const before = state.observation;
  const checkedAt = new Date(now).toISOString();
  const results = [...checks.values()].map(({ result }) => result);
  const full = results.find(({ serverInfo, capabilities }) => serverInfo !== null || capabilities.length > 0);
  const withEra = results.find(({ era }) => era !== null);
  return {
    serverId: server.id,
    ...summary,
    era: withEra?.era ?? before?.era ?? null,
    protocolVersion: withEra?.protocolVersion ?? before?.protocolVersion ?? null,
    serverInfo: full?.serverInfo ?? before?.serverInfo ?? null,
    capabilities: full?.capabilities ?? before?.capabilities ?? [],
    snapshotHash: before?.snapshotHash ?? null,
    toolCount: before?.toolCount ?? 0,
    healthSince: before?.health === summary.health ? before.healthSince : checkedAt,
    checkedAt,
  };
}

/** The result of one check for the history, which records each one; the status changes only at the second failure. `degraded`: some instances still respond. */
function judgeCheck(checks: readonly InstanceCheck[], status: HealthStatus): HealthStatus {
  const failed = checks.filter(({ result }) => result.health === 'unhealthy').length;
  if (failed === 0) return status;
  return failed === checks.length ? 'unhealthy' : 'degraded';
}

function differs(before: Observation | undefined, after: Observation): boolean {
  return (
    before?.health !== after.health ||
    before.problem !== after.problem ||
    before.toolCount !== after.toolCount ||
    before.era !== after.era
  );
}

/**
 * Evaluates the checks of a server and stores the state of its instances, its endpoints and its tools at once. Returns the record of the
 * server as a whole, which is stored later. The access file is written here when an instance went up or down: the gate selects instances by it.
 */
export async function recordResults(
  deps: HealthDeps,
  checked: CheckedServer,
  options: RecordOptions,
): Promise<BufferedCheck> {
  const { server, state, checks } = checked;
  const wantedFull = state.wantsFullProbe;
  state.wantsFullProbe = false;
  // Before the access file marks an instance as up: it may have returned with tools that were not approved.
  const listed = await recordTools(deps, checked);
  const { upChanged, endpointsChanged } = await recordInstances(deps, checked, options);
  if (upChanged) await deps.accessFiles.writeServer(server.id);
  const summary = summarise(
    server.instances.flatMap(({ id, url, enabled }) => {
      const known = state.instances.get(id);
      return enabled && known !== undefined ? [{ url, state: known.state, toolsHash: known.toolsHash }] : [];
    }),
  );
  const before = state.observation;
  const observation = observe(checked, summary, options.now);
  // A requested list that was not received is requested again at the next check: servers notify of a change only once.
  const isReceived = [...checks.values()].some(({ result }) => result.listing !== 'none');
  if (isReceived) state.listAgainAtMs = options.listAgainAtMs;
  else state.wantsFullProbe ||= wantedFull || options.wantsList;
  if (listed !== null) Object.assign(observation, listed);
  state.observation = observation;
  const changed = upChanged || endpointsChanged || differs(before, observation);
  const { id: serverId, path } = server;
  const failed = [...checks.values()].find(({ result }) => result.health === 'unhealthy')?.result;
  return {
    observation,
    check: {
      serverId,
      at: options.now,
      health: judgeCheck([...checks.values()], summary.health),
      latencyMs: summary.latencyMs,
      problem: summary.problem ?? failed?.problem ?? null,
    },
    onStored: () => {
      if (endpointsChanged) deps.events.emit('endpoints.changed', { serverId, path });
      deps.events.emit('health.checked', { serverId, path, changed });
    },
  };
}
