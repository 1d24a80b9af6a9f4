import type { HealthHistory, InstanceProbe, ProbeResult, ProbeTarget } from '../contract/index.ts';
import { describeError, RegistryError } from '../lib/errors.ts';
import { requireServer, type StoredServer } from '../store/index.ts';
import { createChecker } from './check/checker.ts';
import type { HealthDeps, HealthSettings, HealthTiming } from './health-deps.ts';
import { chooseListenTargets } from './listeners/choose-listen-targets.ts';
import { createRelistQueue } from './listeners/relist-queue.ts';
import { createToolListeners } from './listeners/tool-listeners.ts';
import { mergeResults } from './probe/merge-probe-results.ts';
import { probe } from './probe/probe.ts';
import { createHealthMetrics, type HealthMetrics } from './schedule/metrics.ts';
import { createSchedule, requireCron } from './schedule/schedule.ts';
import { createSemaphore } from './schedule/semaphore.ts';
import { sweepServers } from './schedule/sweep.ts';
import { showHealth } from './status/show-health.ts';

export interface Health {
  /** Probes a URL; stores nothing. Never throws. */
  probe(target: ProbeTarget): Promise<ProbeResult>;
  /** Starts a server that the bridge runs once and stores its state. Never throws because of the server. */
  checkProgram(server: StoredServer): Promise<void>;
  /** Stores the results of probes that were made outside of the schedule. */
  record(server: StoredServer, probes: readonly InstanceProbe[]): Promise<void>;
  /** Probes a server fully, stores the result and returns it. Throws RegistryError `not_found`, or `unavailable` when it keeps changing. */
  refresh(path: string): Promise<ProbeResult>;
  /** Throws RegistryError `not_found`. */
  history(path: string, limit: number): Promise<HealthHistory>;
  /** Checks every enabled server once, now. */
  sweep(): Promise<{ checked: number; tookMs: number }>;
  /** Starts the schedule. Throws RegistryError `invalid` for an invalid cron expression. */
  start(): void;
  /** Changes the schedule, now or for the next `start`. Throws like `start`. */
  setCron(expression: string): void;
  /** The time limit of checks from now on, in milliseconds. */
  setTimeoutMs(timeoutMs: number): void;
  metrics(): HealthMetrics;
  /** Ends every check, timer and connection. */
  close(): Promise<void>;
}

/** Checks stored per server: a whole day at one per minute, half a day at two. */
export const MAX_CHECKS = 1_440;
/** Within `firstMs`, servers that start together with the registry begin to listen. */
const DEFAULT_TIMING: HealthTiming = { firstMs: 2_000, jitterMs: 2_000 };
const PRUNE_EVERY_SWEEPS = 32;
const PRUNE_AGE_MS = 10 * 60_000;
const SEMAPHORE = { fast: 24, slow: 1_000, slowMs: 400 };
const MAX_LISTENERS = 50;
const MAX_REFRESH_ATTEMPTS = 3;

/** Creates the health feature. Nothing runs by itself before `start`. */
export function createHealth(deps: HealthDeps, initial: HealthSettings): Health {
  const { store, events, log } = deps;
  const settings = { ...initial };
  const timing = { ...DEFAULT_TIMING, ...deps.timing };
  const closing = new AbortController();
  const metrics = createHealthMetrics();
  const semaphore = createSemaphore(SEMAPHORE);
  const checker = createChecker(deps, settings, metrics.count);
  const listeners = createToolListeners(MAX_LISTENERS, {
    dispatcher: checker.agent.dispatcher,
    publicHost: deps.publicHost,
    connectMs: () => settings.timeoutMs,
    onChanged: (serverId) => {
      relists.request(serverId);
    },
  });
  const relists = createRelistQueue((serverId) =>
    relist(serverId).catch((error: unknown) => {
      log.error({ serverId, error: describeError(error) }, 'changed tools could not be listed');
    }),
  );
  let schedule: ReturnType<typeof createSchedule> | null = null;
  let sweeps = 0;

  async function relist(serverId: string): Promise<void> {
    const server = await store.servers.byId(serverId);
    if (server === undefined || server.removedAt !== null || !server.enabled) return;
    await semaphore.run(() => checker.check(server, { full: true, decisive: false }));
  }

  async function listen(servers: readonly StoredServer[]): Promise<void> {
    const locked = new Set(await store.toolLocks.serverIds());
    const chosen = chooseListenTargets(
      servers,
      (serverId) => checker.state(serverId)?.observation,
      (serverId) => locked.has(serverId),
    );
    const targets = [];
    for (const target of chosen) targets.push({ ...target, headers: await store.servers.credentials(target.serverId) });
    if (!closing.signal.aborted) listeners.sync(targets);
  }

  async function sweep(jitterMs: number, listens: boolean): Promise<{ checked: number; tookMs: number }> {
    const options = { jitterMs, signal: closing.signal };
    const { servers, failed, tookMs } = await sweepServers(deps, checker, semaphore, options);
    sweeps += 1;
    metrics.sweep(servers.length, tookMs, failed);
    if (listens) await listen(servers);
    const due = servers.filter((_, index) => index % PRUNE_EVERY_SWEEPS === sweeps % PRUNE_EVERY_SWEEPS);
    await store.transaction(async (rows) => {
      await rows.checks.prune(
        due.map(({ id }) => id),
        MAX_CHECKS,
      );
      if (sweeps % PRUNE_EVERY_SWEEPS === 0)
        await rows.observations.pruneSnapshots(new Date(Date.now() - PRUNE_AGE_MS).toISOString());
    });
    return { checked: servers.length, tookMs };
  }

  function logFailure(work: Promise<unknown>, serverId: string, message: string): void {
    work.catch((error: unknown) => {
      log.error({ serverId, error: describeError(error) }, message);
    });
  }
  async function recheckVirtual(sourcePath: string): Promise<void> {
    for (const id of await store.virtualVersions.usersOf(sourcePath)) relists.request(id);
  }
  const unsubscribe = [
    events.on('catalogue.written', ({ serverId, path }) => {
      logFailure(recheckVirtual(path), serverId, 'the virtual servers with its tools could not be checked');
    }),
    events.on('server.removed', ({ serverId }) => {
      checker.forget(serverId);
      relists.forget(serverId);
      const deleted = store.transaction(async (rows) => {
        await rows.checks.forget(serverId);
        await rows.observations.remove(serverId);
      });
      logFailure(deleted, serverId, 'the history of a removed server could not be deleted');
    }),
    events.on('server.restored', ({ serverId }) => {
      logFailure(relist(serverId), serverId, 'a restored server could not be checked');
    }),
  ];

  function startSchedule(): ReturnType<typeof createSchedule> {
    const work = async () => {
      try {
        await sweep(timing.jitterMs, true);
      } catch (error) {
        log.error({ error: describeError(error) }, 'a sweep failed');
      }
    };
    const onSkipped = () => {
      metrics.skip();
      log.warn({}, 'a sweep was skipped: the previous one is still running');
    };
    return createSchedule(settings.cron, { firstMs: timing.firstMs, work, onSkipped });
  }

  return {
    probe(target) {
      // Anybody with a role may choose the URL, so the sockets of the gateway's own programs are not allowed as hosts here.
      const guard = {
        resolve: (host: string) => deps.guard.resolve(host),
        checkAddress: (address: string, port: number) => deps.guard.checkAddress(address, port),
      };
      return probe(target, { ...checker.probeOptions(), guard });
    },
    record: (server, probes) => checker.record(server, probes),
    async checkProgram(server) {
      await checker.check(server, { full: true, decisive: true });
      await checker.flush();
    },
    async refresh(path) {
      for (let attempt = 1; ; attempt += 1) {
        const server = await requireServer(store, path);
        const checks = await checker.check(server, { full: true, decisive: true });
        await checker.flush();
        if (checks.size > 0 || (await store.servers.hasRevision(server.id, server.revision)))
          return mergeResults([...checks.values()], checker.state(server.id));
        // The result is that of the server before the change; none of it was stored.
        if (attempt === MAX_REFRESH_ATTEMPTS)
          throw new RegistryError('unavailable', `"${path}" was changed ${attempt} times while it was checked`, {
            hint: 'Refresh it again when nobody changes it.',
          });
      }
    },
    async history(path, limit) {
      const server = await requireServer(store, path);
      const checks = await store.checks.list(server.id, MAX_CHECKS);
      const observation = await store.observations.byServer(server.id);
      return showHealth(server, { observation, state: checker.state(server.id), checks }, limit);
    },
    sweep: () => sweep(0, schedule !== null),
    start() {
      schedule ??= startSchedule();
    },
    setCron(expression) {
      requireCron(expression);
      settings.cron = expression;
      schedule?.set(expression);
    },
    setTimeoutMs(timeoutMs) {
      settings.timeoutMs = timeoutMs;
    },
    metrics: () => ({ ...metrics.read(), listeners: listeners.count() }),
    async close() {
      for (const stop of unsubscribe) stop();
      closing.abort();
      relists.close();
      await Promise.all([schedule?.close(), listeners.close()]);
      await checker.close();
    },
  };
}
