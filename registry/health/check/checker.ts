import { isBridged, type InstanceProbe, type ProbeResult } from '../../contract/index.ts';
import { describeError } from '../../lib/errors.ts';
import type { StoredServer } from '../../store/index.ts';
import type { HealthDeps, HealthSettings } from '../health-deps.ts';
import type { ProbeOptions } from '../probe/probe-options.ts';
import { restoreInstance, restoreServerState, type ServerState } from '../status/server-state.ts';
import { createGuardedAgent, createGuardedClients, type GuardedAgent } from '../transport/guarded-agent.ts';
import { checkInstance, isListed, type InstanceCheck } from './check-instance.ts';
import { createKeyedMutex } from '../../lib/keyed-mutex.ts';
import { createProgramChecks } from './check-program.ts';
import { createObservationBuffer } from './observation-buffer.ts';
import { recordResults } from './record-results.ts';

export interface CheckOptions {
  /** Probe everything, regardless of what is known. */
  full: boolean;
  /** One failure is enough to mark an instance as down. */
  decisive: boolean;
}

/** Checks single servers, holds their state between checks and records the results. */
export interface Checker {
  /** By instance; empty if the server changed meanwhile: then nothing was recorded. */
  check(server: StoredServer, options: CheckOptions): Promise<ReadonlyMap<string, InstanceCheck>>;
  record(server: StoredServer, probes: readonly InstanceProbe[]): Promise<void>;
  state(serverId: string): ServerState | undefined;
  forget(serverId: string): void;
  /** The current limits of a full probe. */
  probeOptions(): ProbeOptions;
  /** For connections that stay open between checks. */
  agent: GuardedAgent;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A list of tools is requested again after at most this time and at least half of it. */
const RELIST_MS = 10 * 60_000;

/** `onResult` is called with each result; `settings` is read again for each check. */
export function createChecker(
  deps: HealthDeps,
  settings: HealthSettings,
  onResult: (result: ProbeResult) => void,
): Checker {
  const { store, log } = deps;
  const states = new Map<string, ServerState>();
  const programs = createProgramChecks(deps.bridge);
  // Two checks of one server must not evaluate the same state.
  const mutex = createKeyedMutex();
  const closing = new AbortController();
  const guarded = { guard: deps.guard, connectMs: 60_000, keepAliveMs: 1_000, ca: deps.ca };
  const agent = createGuardedAgent(guarded);
  const connect = createGuardedClients(guarded);
  const buffer = createObservationBuffer(store, (error) => {
    log.error({ error: describeError(error) }, 'the results of checks could not be stored');
  });

  const limits = () => ({ publicHost: deps.publicHost, timeoutMs: settings.timeoutMs, signal: closing.signal });
  const probeOptions = () => ({ ...limits(), guard: deps.guard, ca: deps.ca });

  async function loadState(server: StoredServer): Promise<ServerState> {
    const known = states.get(server.id);
    if (known !== undefined) return known;
    const state = restoreServerState(server, await store.observations.byServer(server.id));
    // After a restart only the lists with flaws are requested at once: their flaws are no longer known.
    const hasLists = server.instances.every(({ enabled, toolsHash }) => !enabled || toolsHash !== null);
    if (state.observation?.snapshotHash && hasLists && state.observation.health !== 'degraded')
      state.listAgainAtMs = performance.now() + Math.random() * RELIST_MS;
    states.set(server.id, state);
    return state;
  }

  async function record(
    server: StoredServer,
    checks: ReadonlyMap<string, InstanceCheck>,
    requested: { decisive: boolean; wantsList: boolean },
  ): Promise<void> {
    // An empty result is recorded only if no instance is enabled: then the health of the server changes to unknown.
    if (checks.size === 0 && server.instances.some(({ enabled }) => enabled)) return;
    // Servers that were registered together are not all listed in the same sweep: a full probe costs as much as many light checks.
    const listAgainAtMs = performance.now() + RELIST_MS * (1 - Math.random() / 2);
    const options = { ...requested, slowMs: settings.timeoutMs / 2, now: Date.now(), listAgainAtMs };
    buffer.add(await recordResults(deps, { server, state: await loadState(server), checks }, options));
  }

  async function check(
    server: StoredServer,
    { full, decisive }: CheckOptions,
  ): Promise<ReadonlyMap<string, InstanceCheck>> {
    const state = await loadState(server);
    const headers = server.headerNames.length === 0 ? {} : await store.servers.credentials(server.id);
    const options = {
      light: { ...limits(), connect },
      full: probeOptions(),
      wantsFull: full || state.wantsFullProbe || performance.now() > state.listAgainAtMs,
      usesKnownEra: !decisive,
    };
    const checks = new Map<string, InstanceCheck>();
    await Promise.all(
      server.instances.map(async (instance) => {
        if (!instance.enabled) return;
        if (isBridged(server)) {
          checks.set(instance.id, await programs.check(server, full));
          return;
        }
        const known = state.instances.get(instance.id) ?? restoreInstance(instance, undefined);
        checks.set(instance.id, await checkInstance({ server, instance, headers, known }, options));
      }),
    );
    // If the server changed meanwhile, its old configuration was checked; a check that was aborted by `close` proves nothing.
    if (closing.signal.aborted || !(await store.servers.hasRevision(server.id, server.revision))) return new Map();
    await record(server, checks, { decisive, wantsList: options.wantsFull });
    for (const { result } of checks.values()) onResult(result);
    return checks;
  }

  return {
    check: (server, options) => mutex.run(server.id, () => check(server, options)),
    record: (server, probes) =>
      mutex.run(server.id, async () => {
        const toolsHashes = new Map(server.instances.map(({ id, toolsHash }) => [id, toolsHash]));
        const checks = probes.map(({ instanceId, result }) => {
          return [instanceId, { result, listed: isListed(result, toolsHashes.get(instanceId) ?? null) }] as const;
        });
        await record(server, new Map(checks), { decisive: true, wantsList: false });
        await buffer.flush();
      }),
    state: (serverId) => states.get(serverId),
    forget(serverId) {
      states.delete(serverId);
      programs.forget(serverId);
    },
    probeOptions,
    agent,
    flush: () => buffer.flush(),
    async close() {
      closing.abort();
      await mutex.idle();
      await buffer.close();
      await agent.destroy();
    },
  };
}
