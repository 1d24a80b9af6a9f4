import { isDeepStrictEqual } from 'node:util';
import type { Observation, StoredServer } from '../../store/index.ts';
import { judgeInstance } from '../status/instance-health.ts';
import type { Looked } from './check-instance.ts';
import type { Seen } from './observation-buffer.ts';
import type { HealthParts } from '../health-deps.ts';
import { recallInstance, type ServerMemory } from '../status/server-state.ts';
import { summarise, type Summary } from '../status/summarise.ts';

export interface KeepOptions {
  decisive: boolean;
  /** The list of tools was asked for. */
  wantsList: boolean;
  slowMs: number;
  /** Epoch milliseconds. */
  now: number;
  /** When tools that were listed now are to be listed again, by the clock that nobody can set, ms. */
  listAgainAtMs: number;
}

type Verdicts = ReadonlyMap<string, Looked>;

async function keepInstances(
  parts: HealthParts,
  server: StoredServer,
  memory: ServerMemory,
  verdicts: Verdicts,
  options: KeepOptions,
): Promise<{ upChanged: boolean; endpointsChanged: boolean }> {
  let upChanged = false;
  let endpointsChanged = false;
  for (const instance of server.instances) {
    const looked = verdicts.get(instance.id);
    if (looked === undefined) continue;
    const { result } = looked;
    let known = memory.instances.get(instance.id);
    if (known?.url !== instance.url) known = recallInstance(instance, undefined);
    const state = judgeInstance(known.state, result, options);
    // What comes back is asked for everything: its tools may be others now.
    if (state.up && !known.state.up && !looked.listed) memory.wantsWhole = true;
    memory.instances.set(instance.id, {
      url: instance.url,
      state,
      era: result.era ?? known.era,
      protocolVersion: result.protocolVersion ?? known.protocolVersion,
      tools: looked.listed ? parts.hashTools(result.tools) : known.tools,
    });
    const endpoints = result.endpoints ?? instance.endpoints;
    const moved = !isDeepStrictEqual(endpoints, instance.endpoints);
    if (!moved && state.up === instance.up) continue;
    await parts.store.servers.putInstanceState(server.id, instance.id, { up: state.up, endpoints });
    upChanged ||= state.up !== instance.up;
    endpointsChanged ||= moved;
  }
  for (const id of memory.instances.keys())
    if (!server.instances.some((instance) => instance.id === id)) memory.instances.delete(id);
  return { upChanged, endpointsChanged };
}

async function keepTools(
  parts: HealthParts,
  server: StoredServer,
  verdicts: Verdicts,
): Promise<Pick<Observation, 'snapshotHash' | 'toolCount'> | null> {
  const listed = new Map([...verdicts].flatMap(([id, look]) => (look.listed ? [[id, look.result] as const] : [])));
  if (listed.size === 0) return null;
  const { hash, count } = await parts.keepTools(server, listed);
  return { snapshotHash: hash, toolCount: count };
}

function observe(
  server: StoredServer,
  before: Observation | undefined,
  summary: Summary,
  verdicts: Verdicts,
  now: number,
): Observation {
  const whole = [...verdicts.values()].find(
    ({ result }) => result.serverInfo !== null || result.capabilities.length > 0,
  );
  const spoke = [...verdicts.values()].find(({ result }) => result.era !== null);
  return {
    serverId: server.id,
    ...summary,
    era: spoke?.result.era ?? before?.era ?? null,
    protocolVersion: spoke?.result.protocolVersion ?? before?.protocolVersion ?? null,
    serverInfo: whole?.result.serverInfo ?? before?.serverInfo ?? null,
    capabilities: whole?.result.capabilities ?? before?.capabilities ?? [],
    snapshotHash: before?.snapshotHash ?? null,
    toolCount: before?.toolCount ?? 0,
    checkedAt: new Date(now).toISOString(),
  };
}

function differs(before: Observation | undefined, after: Observation): boolean {
  return (
    before?.observed !== after.observed ||
    before.problem !== after.problem ||
    before.toolCount !== after.toolCount ||
    before.era !== after.era
  );
}

/**
 * Judges what was seen of a server and keeps it: the state of its instances, its endpoints, its tools. Gives what is to be written of
 * the server as a whole. The access file is written here when an instance rose or fell, since the gate chooses by it.
 */
export async function keepVerdicts(
  parts: HealthParts,
  server: StoredServer,
  memory: ServerMemory,
  verdicts: Verdicts,
  options: KeepOptions,
): Promise<Seen> {
  const wasWhole = memory.wantsWhole;
  memory.wantsWhole = false;
  // Before the gate hears that an instance is back: it may have come back with other tools than were approved.
  const listed = await keepTools(parts, server, verdicts);
  const { upChanged, endpointsChanged } = await keepInstances(parts, server, memory, verdicts, options);
  if (upChanged) await parts.writeServer(server.id);
  const summary = summarise(
    server.instances.flatMap(({ id, url, enabled }) => {
      const known = memory.instances.get(id);
      return enabled && known !== undefined ? [{ url, state: known.state, tools: known.tools }] : [];
    }),
  );
  const before = memory.observation;
  const observation = observe(server, before, summary, verdicts, options.now);
  // What was asked for and did not come is asked for at the next check: a change of tools is told once.
  if (listed === null) memory.wantsWhole ||= wasWhole || options.wantsList;
  else {
    Object.assign(observation, listed);
    memory.listAgainAtMs = options.listAgainAtMs;
  }
  memory.observation = observation;
  const changed = upChanged || endpointsChanged || differs(before, observation);
  const { id: serverId, path } = server;
  const raw = [...verdicts.values()].find(({ result }) => result.observed === 'unhealthy')?.result;
  return {
    observation,
    check: {
      serverId,
      at: options.now,
      // History tells each check as it was; the status waits for the second failure.
      observed: raw === undefined || verdicts.size > 1 ? summary.observed : raw.observed,
      latencyMs: summary.latencyMs,
      problem: summary.problem ?? raw?.problem ?? null,
    },
    stored: () => {
      if (endpointsChanged) parts.events.emit('endpoints.changed', { serverId, path });
      parts.events.emit('health.checked', { serverId, path, changed });
    },
  };
}
