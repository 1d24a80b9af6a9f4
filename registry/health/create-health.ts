import { setTimeout as sleep } from 'node:timers/promises';
import type { HealthHistory, ProbeResult } from '../contract/index.ts';
import { describeError, RegistryError } from '../errors.ts';
import type { StoredServer } from '../store/server-rows.ts';
import { createGuardedAgent } from './guarded-agent.ts';
import { keepVerdicts } from './keep-verdicts.ts';
import { lookAtInstance, type Looked } from './look-at-instance.ts';
import { createHealthMetrics, type HealthMetrics } from './metrics.ts';
import { createObservationBuffer } from './observation-buffer.ts';
import type { HealthParts, Verdict } from './parts.ts';
import { probe } from './probe.ts';
import type { ProbeTarget } from './probe-parts.ts';
import { createSchedule } from './schedule.ts';
import { recallInstance, recallServer, type ServerMemory } from './server-state.ts';
import { showHealth } from './show-health.ts';
import { createSlots } from './slots.ts';

export interface Health {
  /** Looks at a URL; keeps nothing. Never throws. */
  probe(target: ProbeTarget): Promise<ProbeResult>;
  /** Keeps what a probe outside of the schedule saw. */
  record(server: StoredServer, verdicts: readonly Verdict[]): Promise<void>;
  /** Looks at a server whole, keeps what was found and gives it. Throws RegistryError `not_found`. */
  refresh(path: string): Promise<ProbeResult>;
  /** Throws RegistryError `not_found`. */
  history(path: string, limit: number): Promise<HealthHistory>;
  /** Checks every enabled server once; gives how many and how long it took. */
  sweep(options?: { jitterMs?: number }): Promise<{ checked: number; tookMs: number }>;
  /** Lists the tools of this server again at the next check, or now where nothing waits for it. */
  relist(serverId: string): Promise<void>;
  /** Begins to check by the clock. */
  start(): void;
  /** Throws RegistryError `invalid` for an expression that is none. */
  setCron(expression: string): void;
  metrics(): HealthMetrics;
  close(): Promise<void>;
}

/** Checks kept for each server: a whole day at one a minute, half a day at two. */
export const KEPT_CHECKS = 1_440;
const JITTER_MS = 2_000;
const RELIST_MS = 10 * 60_000;
const PRUNE_TURNS = 32;
const SLOTS = { fast: 24, slow: 1_000, slowMs: 400 };

/** Makes the part that knows how servers are. Nothing runs by itself before `start`. */
export function createHealth(parts: HealthParts): Health {
  const { store, events, log } = parts;
  const memories = new Map<string, ServerMemory>();
  const turns = new Map<string, Promise<unknown>>();
  const ending = new AbortController();
  const metrics = createHealthMetrics();
  const slots = createSlots(SLOTS);
  const agent = createGuardedAgent({ guard: parts.guard, connectMs: 60_000, keepAliveMs: 1_000, ca: parts.ca });
  const buffer = createObservationBuffer(store, (error) => {
    log.error({ error: describeError(error) }, 'what checks saw could not be stored');
  });
  let schedule: ReturnType<typeof createSchedule> | null = null;
  let sweeps = 0;

  const wholeOptions = () => ({
    guard: parts.guard,
    timeoutMs: parts.timeoutMs(),
    publicHost: parts.publicHost,
    ca: parts.ca,
    signal: ending.signal,
  });

  /** Work on one server is done one after another, so that two checks never judge by the same memory. */
  async function inTurn<Value>(serverId: string, work: () => Promise<Value>): Promise<Value> {
    const before = turns.get(serverId);
    const mine = (async () => {
      await before?.catch(() => undefined);
      return work();
    })();
    turns.set(serverId, mine);
    try {
      return await mine;
    } finally {
      if (turns.get(serverId) === mine) turns.delete(serverId);
    }
  }

  async function remember(server: StoredServer): Promise<ServerMemory> {
    const there = memories.get(server.id);
    if (there !== undefined) return there;
    const memory = recallServer(server, await store.observations.byServer(server.id));
    // After a restart the lists are not asked for all at once.
    if (memory.observation?.snapshotHash) memory.listedAt = Date.now() - Math.random() * RELIST_MS;
    memories.set(server.id, memory);
    return memory;
  }

  async function keep(
    server: StoredServer,
    memory: ServerMemory,
    verdicts: ReadonlyMap<string, Looked>,
    decisive: boolean,
  ): Promise<void> {
    if (verdicts.size === 0) return;
    const slowMs = parts.timeoutMs() / 2;
    buffer.add(await keepVerdicts(parts, server, memory, verdicts, { decisive, slowMs, now: Date.now() }));
  }

  async function look(server: StoredServer, wantsWhole: boolean, decisive: boolean): Promise<Map<string, Looked>> {
    const memory = await remember(server);
    const headers = server.headerNames.length === 0 ? {} : await store.servers.credentials(server.id);
    const whole = wantsWhole || memory.wantsWhole || Date.now() - memory.listedAt > RELIST_MS;
    const light = {
      dispatcher: agent.dispatcher,
      publicHost: parts.publicHost,
      timeoutMs: parts.timeoutMs(),
      signal: ending.signal,
    };
    const verdicts = new Map<string, Looked>();
    await Promise.all(
      server.instances.map(async (instance) => {
        if (!instance.enabled) return;
        const known = memory.instances.get(instance.id) ?? recallInstance(instance, undefined);
        const options = { light, whole: wholeOptions(), wantsWhole: whole };
        verdicts.set(instance.id, await lookAtInstance(server, instance, headers, known, options));
      }),
    );
    if (ending.signal.aborted) return new Map();
    const current = await store.servers.byId(server.id);
    // What was changed or removed meanwhile was seen as it no longer is.
    if (current?.revision !== server.revision || current.removedAt !== null) return new Map();
    await keep(server, memory, verdicts, decisive);
    for (const { result } of verdicts.values()) metrics.count(result);
    return verdicts;
  }

  async function requireServer(path: string): Promise<StoredServer> {
    const server = await store.servers.byPath(path);
    if (server !== undefined) return server;
    throw new RegistryError('not_found', `there is no server at "${path}"`, {
      hint: 'List them with GET /api/servers.',
    });
  }

  async function sweep({ jitterMs = 0 } = {}): Promise<{ checked: number; tookMs: number }> {
    const began = performance.now();
    const servers = (await store.servers.all()).filter(({ enabled }) => enabled);
    sweeps += 1;
    await Promise.all(
      servers.map(async (server) => {
        if (jitterMs > 0) await sleep(Math.random() * jitterMs, undefined, { signal: ending.signal }).catch(() => null);
        await slots.run(async () => {
          if (ending.signal.aborted) return;
          try {
            await inTurn(server.id, () => look(server, false, false));
          } catch (error) {
            metrics.fail();
            log.error({ path: server.path, error: describeError(error) }, 'a check could not be kept');
          }
        });
      }),
    );
    await buffer.flush();
    const due = servers.filter((_, index) => index % PRUNE_TURNS === sweeps % PRUNE_TURNS).map(({ id }) => id);
    await store.together((rows) => rows.checks.prune(due, KEPT_CHECKS));
    const tookMs = performance.now() - began;
    metrics.sweep(servers.length, tookMs);
    return { checked: servers.length, tookMs };
  }

  const unsubscribe = [
    events.on('server.removed', ({ serverId }) => {
      memories.delete(serverId);
      store.checks.forget(serverId).catch((error: unknown) => {
        log.error({ serverId, error: describeError(error) }, 'the history of a removed server could not be forgotten');
      });
    }),
  ];

  return {
    probe: (target) => probe(target, wholeOptions()),
    record: (server, verdicts) =>
      inTurn(server.id, async () => {
        const looked = verdicts.map(({ instanceId, result }) => {
          return [instanceId, { result, listed: result.observed === 'healthy' }] as const;
        });
        await keep(server, await remember(server), new Map(looked), true);
        await buffer.flush();
      }),
    async refresh(path) {
      const server = await requireServer(path);
      const verdicts = await inTurn(server.id, () => look(server, true, true));
      await buffer.flush();
      return mergeResults([...verdicts.values()], memories.get(server.id));
    },
    async history(path, limit) {
      const server = await requireServer(path);
      const observation = await store.observations.byServer(server.id);
      const kept = await store.checks.list(server.id, KEPT_CHECKS);
      return showHealth(server, observation, memories.get(server.id), kept, limit);
    },
    sweep,
    async relist(serverId) {
      const server = await store.servers.byId(serverId);
      if (server === undefined || server.removedAt !== null || !server.enabled) return;
      await slots.run(() => inTurn(serverId, () => look(server, true, false)));
    },
    start() {
      const run = () =>
        sweep({ jitterMs: JITTER_MS }).then(
          () => undefined,
          (error: unknown) => {
            log.error({ error: describeError(error) }, 'a sweep failed');
          },
        );
      schedule ??= createSchedule(parts.cron, run, () => {
        metrics.skip();
        log.warn({}, 'a sweep was skipped: the one before still runs');
      });
    },
    setCron(expression) {
      schedule?.set(expression);
    },
    metrics: () => metrics.read(),
    async close() {
      for (const stop of unsubscribe) stop();
      ending.abort();
      await schedule?.close();
      await Promise.all([...turns.values()].map((turn) => turn.catch(() => undefined)));
      await buffer.close();
      await agent.destroy();
    },
  };
}

/** One answer for all instances of a server: the tools of the first that listed them, the status of the whole. */
function mergeResults(looked: readonly Looked[], memory: ServerMemory | undefined): ProbeResult {
  const best = looked.find(({ listed }) => listed) ?? looked[0];
  const { observed = 'unknown', problem = null, remedy = null, latencyMs = null } = memory?.observation ?? {};
  const nothing = {
    transport: null,
    endpoints: null,
    era: null,
    protocolVersion: null,
    serverInfo: null,
    capabilities: [],
    tools: [],
  };
  return { ...nothing, ...best?.result, observed, problem, remedy, latencyMs };
}
