import type { Actor, GatewayView, GenerationView, WorkersView } from '../contract/index.ts';
import { RegistryError } from '../lib/errors.ts';
import { ADDRESSES_KEY, watchNames, type NameWatch } from './dns/name-watch.ts';
import { createGenerationViews, type GenerationViews } from './generations/generation-views.ts';
import { clearRollback, describeRollback, readRollback, recordRollback } from './generations/rollback.ts';
import type { NginxFacts } from './plan/route-plan.ts';
import { createPublishContext } from './publish-context.ts';
import { DEFAULT_TIMING, type PublisherDeps } from './publisher-deps.ts';
import type { ChangeOutcome } from './reconcile/effects.ts';
import type { PublishEvent } from './reconcile/events.ts';
import { createReconciler } from './reconcile/reconciler.ts';
import { isIdle } from './reconcile/transitions/check.ts';
import { recover } from './reconcile/recover.ts';
import { createEffectRunner } from './reconcile/run-effects.ts';
import {
  describeApplied,
  describeProgress,
  type Configuration,
  type AppliedServer,
  type PublishProgress,
} from './reconcile/select.ts';
import { detectFacts } from './reload/nginx-facts.ts';
import { readMaster } from './reload/workers.ts';

export interface Publisher extends GenerationViews {
  /** Writes generation 0 and `current`, determines what NGINX serves and starts to publish. Throws RegistryError `unavailable` without NGINX. */
  start(): Promise<void>;
  /** Ends after the run under way; NGINX keeps serving. */
  close(): Promise<void>;
  /** Requests a publish of the database; ends a rollback. Simultaneous requests are one run. */
  publish(cause: string): void;
  /** Resolves when no publish is running or pending. */
  idle(): Promise<void>;
  /** Resolves when NGINX is verified to serve at least this revision of the database, or when that failed. */
  whenLive(revision: number, serverId?: string): Promise<ChangeOutcome>;
  /** Progress of publishing since `start`. */
  progress(): PublishProgress;
  /** Whether NGINX serves a server as stored, and the reason if not; from memory. */
  configurationStatus(server: AppliedServer): Configuration;
  /**
   * Makes NGINX serve an older generation again, until the next change of a server; `reason` is stored in the audit log. Throws RegistryError
   * `not_found`, `conflict`, `unavailable`.
   */
  rollback(actor: Actor, number: number, reason?: string): Promise<GenerationView>;
  /** The rollback in force; null when the database is served. */
  rollbackInForce(): Promise<GatewayView['rollback']>;
  /** The installed NGINX's version and the pid of its master; null if unknown. */
  nginx(): Promise<{ version: string | null; pid: number | null }>;
  /** The certificates that NGINX presents. */
  certificates(): GatewayView['certificates'];
  /** NGINX's workers, including draining ones. */
  workers(): Promise<WorkersView>;
}

const CHANGES = ['server.registered', 'server.changed', 'server.removed', 'server.restored'] as const;

/** Creates the publisher, which makes NGINX serve the database and verifies it. Nothing happens before `start`. */
export function createPublisher(deps: PublisherDeps): Publisher {
  const { store, events, options } = deps;
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const nginx: { facts: NginxFacts | null } = { facts: null };
  const context = createPublishContext(deps, nginx);
  let storedAddresses = '';
  async function storeAddresses(): Promise<void> {
    const addresses = context.resolver.serialize();
    if (addresses === storedAddresses) return;
    await store.meta.put(ADDRESSES_KEY, addresses);
    storedAddresses = addresses;
  }
  const reconciler = createReconciler({
    timing,
    checkMs: timing.checkMs,
    runEffect: createEffectRunner({ context, events, storeAddresses }),
  });
  const state = () => reconciler.state();
  const dispatch = (event: PublishEvent) => reconciler.dispatch(event);
  const views = createGenerationViews(context, state);
  const stops: (() => void)[] = [];
  let watch: NameWatch | undefined;

  const publish = (cause: string) => dispatch({ type: 'publishRequested', cause, isChange: true });
  /** The same without a change: a rollback remains in force. */
  const refresh = (cause: string) => dispatch({ type: 'publishRequested', cause, isChange: false });

  async function loadRollback(): Promise<number | null> {
    const number = await readRollback(context);
    if (number === null) await clearRollback(store);
    return number;
  }

  return {
    ...views,
    publish,

    async start() {
      const { nginxBin, nginxModulesDir: modulesDir, caFile } = options;
      nginx.facts = await detectFacts({ nginxBin, modulesDir, caFile });
      context.resolver.restore(await store.meta.get(ADDRESSES_KEY));
      await context.certificates.load();
      const { mustPublish } = await recover(context);
      const rollbackTarget = await loadRollback();
      for (const name of CHANGES) stops.push(events.on(name, ({ path }) => publish(`${name} ${path}`)));
      stops.push(
        events.on('servers.changing', ({ count, willReload = false }) => {
          // The flag is raised while the server is still probed, so that this time counts towards the wait for it.
          if (willReload) void context.drainFlag.raiseEarly();
          else if (count === 0 && isIdle(state())) void context.drainFlag.lower();
          dispatch({ type: 'changesUnderWay', count });
        }),
        events.on('settings.changed', () => publish('settings.changed')),
        events.on('endpoints.changed', ({ path }) => refresh(`endpoints.changed ${path}`)),
      );
      const onChange = () => refresh('A name has another address');
      watch = watchNames({ events, context, everyMs: timing.resolveMs, onChange });
      context.certificates.watch(timing.certificateMs, () => {
        refresh('A certificate was renewed');
        events.emit('gateway.changed', {});
      });
      dispatch({ type: 'recovered', rollbackTarget, mustPublish });
    },

    async close() {
      for (const stop of stops.splice(0)) stop();
      watch?.close();
      context.certificates.close();
      await reconciler.close();
    },

    idle: () => reconciler.idle(),
    whenLive: (revision, serverId) => reconciler.whenLive(revision, serverId),
    progress: () => describeProgress(state()),
    configurationStatus: (server) => describeApplied(state(), server),

    async rollback(actor, number, reason) {
      context.readFacts();
      await recordRollback(context, number, { live: state().live?.number ?? null, actor, reason: reason ?? null });
      const problem = await reconciler.rollBack(number);
      if (problem !== null)
        throw new RegistryError('unavailable', `Generation ${number} could not be made live: ${problem}`, {
          hint: 'NGINX serves what it served before.',
        });
      const { files: _, ...view } = await views.detail(number);
      return view;
    },

    async rollbackInForce() {
      const { rollbackTarget, isRollbackEnding } = state();
      return rollbackTarget === null || isRollbackEnding ? null : describeRollback(context, rollbackTarget);
    },

    async nginx() {
      const version = nginx.facts?.version.join('.') ?? null;
      return { version, pid: await readMaster(context.runDir) };
    },

    certificates: () => context.certificates.list(),

    async workers() {
      const workers = await context.ledger.list();
      const draining = workers.filter((worker) => worker.draining).length;
      return { current: state().live?.number ?? null, draining, workers };
    },
  };
}
