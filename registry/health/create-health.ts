import type { HealthHistory, InstanceProbe, ProbeResult, ProbeTarget } from '../contract/index.ts';
import { describeError, RegistryError } from '../errors.ts';
import { requireServer, type StoredServer } from '../store/index.ts';
import { createChecker } from './check/checker.ts';
import { chooseListened } from './listeners/choose-listened.ts';
import { mergeResults } from './probe/merge-probe-results.ts';
import { createHealthMetrics, type HealthMetrics } from './schedule/metrics.ts';
import type { HealthParts } from './health-deps.ts';
import { probe } from './probe/probe.ts';
import { createSchedule, requireCron } from './schedule/schedule.ts';
import { showHealth } from './status/show-health.ts';
import { createSlots } from './schedule/semaphore.ts';
import { sweepServers } from './schedule/sweep.ts';
import { createToolListeners } from './listeners/tool-listeners.ts';

export interface Health {
  /** Looks at a URL; keeps nothing. Never throws. */
  probe(target: ProbeTarget): Promise<ProbeResult>;
  /** Keeps what a probe outside of the schedule saw. */
  record(server: StoredServer, verdicts: readonly InstanceProbe[]): Promise<void>;
  /** Looks at a server whole, keeps what was found and gives it. Throws RegistryError `not_found`, or `unavailable` when it changes all the time. */
  refresh(path: string): Promise<ProbeResult>;
  /** Throws RegistryError `not_found`. */
  history(path: string, limit: number): Promise<HealthHistory>;
  /** Checks every enabled server once, now. */
  sweep(): Promise<{ checked: number; tookMs: number }>;
  /** Begins to check by the clock. Throws RegistryError `invalid` for a cron expression that is none. */
  start(): void;
  /** The clock to check by, from now on or from `start` on. Throws like `start`. */
  setCron(expression: string): void;
  metrics(): HealthMetrics;
  /** Ends every check, timer and connection. */
  close(): Promise<void>;
}

/** Checks kept for each server: a whole day at one a minute, half a day at two. */
export const KEPT_CHECKS = 1_440;
const JITTER_MS = 2_000;
const PRUNE_TURNS = 32;
const PRUNE_AGE_MS = 10 * 60_000;
const SLOTS = { fast: 24, slow: 1_000, slowMs: 400 };
const MAX_LISTENERS = 50;
const REFRESH_TURNS = 3;

/** Makes the part that knows how servers are. Nothing runs by itself before `start`. */
export function createHealth(parts: HealthParts): Health {
  const { store, events, log } = parts;
  const ending = new AbortController();
  const metrics = createHealthMetrics();
  const slots = createSlots(SLOTS);
  const checker = createChecker(parts, metrics.count);
  const listeners = createToolListeners(MAX_LISTENERS, {
    dispatcher: checker.agent.dispatcher,
    publicHost: parts.publicHost,
    connectMs: parts.timeoutMs,
    changed: (serverId) => {
      follow(relist(serverId), serverId, 'changed tools could not be listed');
    },
  });
  let cron = parts.cron;
  let schedule: ReturnType<typeof createSchedule> | null = null;
  let sweeps = 0;

  async function relist(serverId: string): Promise<void> {
    const server = await store.servers.byId(serverId);
    if (server === undefined || server.removedAt !== null || !server.enabled) return;
    await slots.run(() => checker.check(server, { whole: true, decisive: false }));
  }

  async function listen(servers: readonly StoredServer[]): Promise<void> {
    const pinned = new Set(await store.pins.serverIds());
    const chosen = chooseListened(
      servers,
      (serverId) => checker.memory(serverId)?.observation,
      (serverId) => pinned.has(serverId),
    );
    const targets = [];
    for (const target of chosen) targets.push({ ...target, headers: await store.servers.credentials(target.serverId) });
    if (!ending.signal.aborted) listeners.sync(targets);
  }

  async function sweep(jitterMs: number, listens: boolean): Promise<{ checked: number; tookMs: number }> {
    const { servers, failed, tookMs } = await sweepServers(parts, checker, slots, { jitterMs, signal: ending.signal });
    sweeps += 1;
    metrics.sweep(servers.length, tookMs, failed);
    if (listens) await listen(servers);
    const due = servers.filter((_, index) => index % PRUNE_TURNS === sweeps % PRUNE_TURNS).map(({ id }) => id);
    await store.together(async (rows) => {
      await rows.checks.prune(due, KEPT_CHECKS);
      if (sweeps % PRUNE_TURNS === 0)
        await rows.observations.pruneSnapshots(new Date(Date.now() - PRUNE_AGE_MS).toISOString());
    });
    return { checked: servers.length, tookMs };
  }

  const follow = (work: Promise<unknown>, serverId: string, what: string) => {
    work.catch((error: unknown) => {
      log.error({ serverId, error: describeError(error) }, what);
    });
  };
  const unsubscribe = [
    events.on('server.removed', ({ serverId }) => {
      checker.forget(serverId);
      const gone = store.together(async (rows) => {
        await rows.checks.forget(serverId);
        await rows.observations.remove(serverId);
      });
      follow(gone, serverId, 'the history of a removed server could not be forgotten');
    }),
    events.on('server.restored', ({ serverId }) => {
      follow(relist(serverId), serverId, 'a restored server could not be checked');
    }),
  ];

  function start(): ReturnType<typeof createSchedule> {
    const run = async () => {
      try {
        await sweep(JITTER_MS, true);
      } catch (error) {
        log.error({ error: describeError(error) }, 'a sweep failed');
      }
    };
    return createSchedule(cron, run, () => {
      metrics.skip();
      log.warn({}, 'a sweep was skipped: the one before still runs');
    });
  }

  return {
    probe: (target) => probe(target, checker.probeOptions()),
    record: (server, verdicts) => checker.record(server, verdicts),
    async refresh(path) {
      for (let turn = 1; ; turn += 1) {
        const server = await requireServer(store, path);
        const verdicts = await checker.check(server, { whole: true, decisive: true });
        await checker.flush();
        if (verdicts.size > 0 || (await store.servers.isAt(server.id, server.revision)))
          return mergeResults([...verdicts.values()], checker.memory(server.id));
        // What was seen is of the server before that change; nothing of it was kept.
        if (turn === REFRESH_TURNS)
          throw new RegistryError('unavailable', `"${path}" was changed again and again while it was checked`, {
            hint: 'Refresh it again when nobody changes it.',
          });
      }
    },
    async history(path, limit) {
      const server = await requireServer(store, path);
      const kept = await store.checks.list(server.id, KEPT_CHECKS);
      return showHealth(server, await store.observations.byServer(server.id), checker.memory(server.id), kept, limit);
    },
    sweep: () => sweep(0, schedule !== null),
    start() {
      schedule ??= start();
    },
    setCron(expression) {
      requireCron(expression);
      cron = expression;
      schedule?.set(expression);
    },
    metrics: () => ({ ...metrics.read(), listeners: listeners.count() }),
    async close() {
      for (const stop of unsubscribe) stop();
      ending.abort();
      await Promise.all([schedule?.close(), listeners.close()]);
      await checker.close();
    },
  };
}
