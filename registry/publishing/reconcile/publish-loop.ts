import { join } from 'node:path';
import { describeError } from '../../errors.ts';
import type { Events } from '../../events.ts';
import type { LiveState } from './live-state.ts';
import { ADDRESSES_KEY } from '../dns/name-watch.ts';
import { readCurrent, readProven } from '../generations/activate.ts';
import { recognise } from './recover.ts';
import { askGeneration } from '../reload/verify.ts';
import { pruneGenerations } from '../generations/prune.ts';
import { publishOnce, type Machine, type RunOutcome } from './publish-run.ts';
import type { Timing } from '../publisher-deps.ts';
import { createReconciler } from './reconciler.ts';
import { describeAbsence, waitForNginx } from '../reload/roll-out.ts';
import { publishPinned, removePin } from '../generations/rollback.ts';
import { GENERATION_SOCKET } from '../reload/run-dir.ts';
import { readMaster } from '../reload/workers.ts';

export interface PublishLoop {
  /** Publishes what the database says; a rollback ends. */
  publish(cause: string): void;
  /** The same, on nobody's order: keeps to a rollback. */
  refresh(cause: string): void;
  /** Serves the pinned generation; resolves with why it cannot, or null. */
  pin(number: number): Promise<string | null>;
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface PublishLoopParts {
  machine: Machine;
  state: LiveState;
  events: Events;
  timing: Timing;
  /** The first run makes a generation even of equal bytes. */
  mustPublish: boolean;
  /** Whether a change is being made that will ask for a publish. */
  isChangeComing: () => boolean;
}

/** What keeps failing is tried again ever more seldom: each try may cost a reload. */
const LONGEST_RETRY_MS = 600_000;

function describeCauses(causes: readonly string[]): string {
  const shown = causes.slice(0, 3).join(', ');
  return causes.length > 3 ? `${shown} and ${causes.length - 3} more` : shown;
}

function explainThrown(error: unknown): string {
  const code = (error as { code?: string }).code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return `the disk is full (${code}): nothing was changed, NGINX serves on; free some space, it is tried again by itself`;
  return describeError(error);
}

/** Makes the one that runs publishing, watches over what NGINX serves, and tries again what failed. */
export function createPublishLoop(parts: PublishLoopParts): PublishLoop {
  const { machine, state, events, timing } = parts;
  const socketPath = join(machine.runDir, GENERATION_SOCKET);
  const pinWaiters: ((problem: string | null) => void)[] = [];
  let retry = false;
  let failures = 0;
  let kept = '';
  let triedAt = performance.now();
  let lastSeenAt = performance.now();
  let wasAbsent = false;
  let { mustPublish } = parts;
  let strangeTicks = 0;
  let looking = false;

  function fail(message: string, number: number | null, revision: number): void {
    failures += 1;
    const isNews = state.failure?.message !== message || number !== null;
    state.failure = { revision, number, message };
    if (isNews) {
      machine.logger.error({ generation: number, revision }, `not published: ${message}`);
      events.emit('generation.failed', { number: number ?? 0, revision, error: message });
    }
  }

  function take(outcome: RunOutcome, cause: string): void {
    state.live = outcome.live;
    if (outcome.problem !== null || outcome.live === null) {
      fail(outcome.problem ?? 'what NGINX serves is not known', outcome.number, outcome.revision);
      return;
    }
    failures = 0;
    state.failure = null;
    mustPublish = false;
    const { number, revision, setAside } = outcome.live;
    const isNew = outcome.number !== null;
    machine.logger[isNew ? 'info' : 'debug'](
      { generation: number, revision, cause, tookMs: outcome.tookMs, isNew },
      'published',
    );
    events.emit('generation.published', { number, revision, setAside });
  }

  async function run(causes: readonly string[], revision: number): Promise<void> {
    const cause = describeCauses(causes);
    const isRetry = retry;
    retry = false;
    triedAt = performance.now();
    if (state.unpin) {
      state.unpin = false;
      failures = 0;
      state.pinned = null;
      await removePin(machine.store);
    }
    wasAbsent = !(await waitForNginx(machine.runDir, lastSeenAt + timing.startLimitMs));
    if (wasAbsent) {
      state.live = null;
      fail(describeAbsence(machine.runDir).message, null, revision);
      return;
    }
    lastSeenAt = performance.now();
    const served = await askGeneration(socketPath);
    if (state.live === null || served?.number !== state.live.number)
      state.live = mustPublish ? null : await recognise(machine, served?.number ?? null);
    const outcome =
      state.pinned === null
        ? await publishOnce(machine, {
            cause,
            live: state.live,
            retry: isRetry,
            lastProblem: state.failure?.message ?? null,
          })
        : await publishPinned(machine, state.pinned, state.live?.number ?? null);
    take(outcome, cause);
  }

  async function keepAddresses(): Promise<void> {
    const addresses = machine.resolver.remember();
    if (addresses === kept) return;
    await machine.store.meta.put(ADDRESSES_KEY, addresses);
    kept = addresses;
  }

  async function finish(): Promise<void> {
    await machine.drain.lower();
    state.settle();
    const problem = state.pinned === null ? 'another change came first' : (state.failure?.message ?? null);
    for (const answer of pinWaiters.splice(0)) answer(problem);
    const needed = [
      state.live?.number ?? null,
      state.pinned,
      await readCurrent(machine.dataDir),
      await readProven(machine.dataDir),
    ];
    await Promise.all([pruneGenerations(machine.dataDir, needed), keepAddresses()]).catch((error: unknown) =>
      machine.logger.warn({ err: error }, 'it could not be tidied up after publishing'),
    );
  }

  const reconciler = createReconciler({
    run: async (causes) => {
      // Only who asked until now is told when it fails: a change that comes meanwhile has a run of its own.
      const revision = await machine.store.meta.revision().catch(() => 0);
      await run(causes, revision).catch((error: unknown) => fail(explainThrown(error), null, revision));
      state.hasEndedOnce ||= !wasAbsent;
      await finish();
    },
    onError: (error) => machine.logger.error({ err: error }, 'a publishing run ended badly'),
    isMoreComing: parts.isChangeComing,
    quietMs: timing.quietMs,
    longestMs: timing.longestMs,
  });

  /** NGINX may have been started anew on another generation, or not at all; what failed may pass by now. */
  async function lookAround(): Promise<void> {
    const isThere = (await readMaster(machine.runDir)) !== null;
    if (isThere) lastSeenAt = performance.now();
    if (isThere && wasAbsent) {
      wasAbsent = false;
      reconciler.ask('NGINX runs again');
      return;
    }
    const served = isThere && state.live !== null ? await askGeneration(socketPath) : null;
    strangeTicks = served !== null && served.number !== state.live?.number ? strangeTicks + 1 : 0;
    if (strangeTicks >= 2) reconciler.ask(`NGINX serves generation ${served?.number ?? 0}`);
    if (performance.now() - triedAt < Math.min(timing.retryMs * 2 ** Math.max(0, failures - 1), LONGEST_RETRY_MS))
      return;
    if (state.failure === null && machine.rejections.size === 0) return;
    triedAt = performance.now();
    retry = true;
    reconciler.ask('tried again');
  }

  const watch = setInterval(() => {
    if (looking) return;
    looking = true;
    void reconciler
      .idle()
      .then(lookAround)
      .catch((error: unknown) => machine.logger.warn({ err: error }, 'NGINX could not be looked at'))
      .finally(() => (looking = false));
  }, timing.watchMs).unref();

  return {
    publish(cause) {
      state.unpin = true;
      reconciler.ask(cause);
    },
    refresh: (cause) => reconciler.ask(cause),
    pin(number) {
      state.pinned = number;
      state.unpin = false;
      reconciler.ask(`rolled back to generation ${number}`);
      return new Promise((resolve) => pinWaiters.push(resolve));
    },
    idle: () => reconciler.idle(),
    async close() {
      clearInterval(watch);
      await reconciler.close();
      state.giveUp('the registry is stopping; the change is kept and is published at its next start');
      for (const answer of pinWaiters.splice(0)) answer('the registry is stopping');
    },
  };
}
