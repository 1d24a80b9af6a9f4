// Publishing (DESIGN §7): from the database to what NGINX is proven to serve. `publisher.ts` decides when a run begins and tells what came of it;
// `publish-run.ts` is one run; `converge.ts` is the start; each other file is one step.
import type { Actor, GenerationView, WorkersView } from '../contract/index.ts';
import { RegistryError } from '../errors.ts';
import { converge } from './reconcile/recover.ts';
import { createDrainFlag } from './reload/drain-flag.ts';
import { createGenerationViews, type GenerationViews } from './generations/generation-views.ts';
import {
  createLiveState,
  type Applied,
  type AppliedServer,
  type ChangeOutcome,
  type PublishProgress,
} from './reconcile/live-state.ts';
import { ADDRESSES_KEY, watchNames, type NameWatch } from './dns/name-watch.ts';
import { detectFacts, needsDrain } from './reload/nginx-facts.ts';
import type { Machine } from './reconcile/publish-run.ts';
import { createPublishLoop, type PublishLoop } from './reconcile/publish-loop.ts';
import { DEFAULT_TIMING, type PublisherParts } from './publisher-deps.ts';
import { createRejections } from './generations/rejections.ts';
import { createNameResolver } from './dns/resolve-names.ts';
import { recallPin, recordRollback } from './generations/rollback.ts';
import type { NginxFacts } from './plan/route-plan.ts';
import { createWorkerLedger } from './reload/worker-ledger.ts';

export interface Publisher extends GenerationViews {
  /** Makes generation 0 and `current`, finds out what NGINX serves and begins to publish. Throws RegistryError `unavailable` without NGINX. */
  start(): Promise<void>;
  /** Ends after the running publish; NGINX serves on. */
  close(): Promise<void>;
  /** Asks for a publish of what the database says; ends a rollback. Many at once are one run. */
  publish(cause: string): void;
  /** Resolves when nothing is being published or waits to be. */
  idle(): Promise<void>;
  /** Resolves when NGINX is proven to serve at least this revision of the database, or when that failed for good. */
  whenLive(revision: number, serverId?: string): Promise<ChangeOutcome>;
  /** How far publishing got since `start`. */
  progress(): PublishProgress;
  /** Whether NGINX serves a server as stored, and why not; from memory. */
  appliedStatus(server: AppliedServer): Applied;
  /** Makes NGINX serve an older generation again, until the next change of a server. Throws RegistryError `not_found`, `conflict`, `unavailable`. */
  rollback(actor: Actor, number: number): Promise<GenerationView>;
  /** NGINX's workers, those that drain too. */
  workers(): Promise<WorkersView>;
}

/** From taking up a configuration to telling the workers of before to end, NGINX's master sleeps so long (ngx_master_process_cycle). */
const RELOAD_GRACE_MS = 100;

const CHANGES = ['server.registered', 'server.changed', 'server.removed', 'server.restored'] as const;

/** Makes the publisher; nothing happens before `start`. */
export function createPublisher(parts: PublisherParts): Publisher {
  const { store, events, logger, options, render, gateBundle } = parts;
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const { runDir } = options.gateway;
  const state = createLiveState();
  let facts: NginxFacts | null = null;
  let watch: NameWatch | undefined;
  let loop: PublishLoop | undefined;
  const stops: (() => void)[] = [];

  const machine: Machine = {
    store,
    logger,
    render,
    gateBundle,
    options,
    dataDir: options.dataDir,
    runDir,
    errorLogs: options.errorLogs,
    proofLimitMs: timing.proofLimitMs,
    ledger: createWorkerLedger({ runDir, mostDraining: timing.mostDraining, waitMs: timing.drainWaitMs }),
    resolver: createNameResolver({
      checkAddress: options.checkAddress,
      ...(parts.lookup === undefined ? {} : { lookup: parts.lookup }),
      againMs: Math.min(5_000, timing.resolveMs),
    }),
    rejections: createRejections(),
    drain: createDrainFlag({
      setDrain: parts.setDrain,
      drainMs: () => (facts !== null && needsDrain(facts.version) ? timing.drainMs : 0),
      graceMs: RELOAD_GRACE_MS,
      onError: (message) => logger.error(message),
    }),
    get facts() {
      if (facts === null) throw new RegistryError('unavailable', 'publishing has not begun yet');
      return facts;
    },
  };

  function running(): PublishLoop {
    if (loop === undefined) throw new RegistryError('unavailable', 'publishing has not begun yet');
    return loop;
  }

  const views = createGenerationViews(machine, () => state.live?.number ?? null);
  return {
    ...views,

    async start() {
      const { nginxBin, nginxModulesDir: modulesDir, caFile } = options;
      facts = await detectFacts({ nginxBin, modulesDir, caFile });
      machine.resolver.recall(await store.meta.get(ADDRESSES_KEY));
      const { mustPublish } = await converge(machine);
      state.pinned = await recallPin(machine);
      const started = createPublishLoop({
        ...{ machine, state, events, timing, mustPublish },
        isChangeComing: parts.isChangeComing ?? (() => true),
      });
      loop = started;
      for (const name of CHANGES) stops.push(events.on(name, ({ path }) => started.publish(`${name} ${path}`)));
      stops.push(events.on('settings.changed', () => started.publish('settings.changed')));
      stops.push(events.on('endpoints.changed', ({ path }) => started.refresh(`endpoints.changed ${path}`)));
      const onChange = () => started.refresh('a name has another address');
      watch = watchNames({ events, machine, everyMs: timing.resolveMs, onChange });
      started.refresh('start');
    },

    async close() {
      for (const stop of stops.splice(0)) stop();
      watch?.close();
      await loop?.close();
    },

    publish: (cause) => running().publish(cause),
    idle: () => running().idle(),
    whenLive: (revision, serverId) => state.whenLive(revision, serverId),
    progress: () => ({ hasEndedOnce: state.hasEndedOnce, problem: state.failure?.message ?? null }),
    appliedStatus: (server) => state.applied(server),

    async rollback(actor, number) {
      await recordRollback(machine, number, state.live?.number ?? null, actor);
      const problem = await running().pin(number);
      if (problem !== null) {
        if (state.pinned === number) running().publish('rollback failed');
        throw new RegistryError('unavailable', `generation ${number} is not served again: ${problem}`, {
          hint: 'What was served before serves on.',
        });
      }
      const { files: _, ...view } = await views.detail(number);
      return view;
    },

    async workers() {
      const workers = await machine.ledger.list();
      const draining = workers.filter((worker) => worker.draining).length;
      return { current: state.live?.number ?? null, draining, workers };
    },
  };
}
