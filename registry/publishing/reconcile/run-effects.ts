import { join } from 'node:path';
import { describeError } from '../../lib/errors.ts';
import type { Events } from '../../lib/events.ts';
import { readCurrent, readVerified } from '../generations/activate.ts';
import { pruneGenerations } from '../generations/prune.ts';
import { describeGeneration, recordVerified } from '../generations/record.ts';
import { clearRollback, testRollback } from '../generations/rollback.ts';
import { listGenerationDirs } from '../generations/stage.ts';
import type { PublishContext } from '../publish-context.ts';
import { activateGeneration, describeAbsence, waitForNginx } from '../reload/roll-out.ts';
import { GENERATION_SOCKET } from '../reload/run-dir.ts';
import { probeGeneration } from '../reload/probe-generation.ts';
import { readMaster } from '../reload/workers.ts';
import type { Effect } from './effects.ts';
import type { Probed, PublishEvent, StepEvent } from './events.ts';
import { prepare } from './prepare.ts';

/** Effects outside the reconciler, which may result in an event; the reconciler itself handles timers and answers. */
export type WorldEffect = Exclude<
  Effect,
  { type: 'startTimer' | 'stopTimer' | 'answer' | 'answerRollback' | 'answerIdle' }
>;
type Of<Type extends WorldEffect['type']> = Extract<WorldEffect, { type: Type }>;

export interface EffectDeps {
  context: PublishContext;
  events: Events;
  /** Stores the last known addresses of names, if they changed. */
  storeAddresses: () => Promise<void>;
}

/** Explains why a step threw. */
function explainThrown(error: unknown): string {
  const code = (error as { code?: string }).code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return `The disk is full (${code}): nothing was changed, NGINX serves what it served before. Free some space; publishing is retried`;
  return describeError(error);
}

/** Creates the runner of effects: it executes an effect and resolves to the event that follows, if any. Never rejects. */
export function createEffectRunner({ context, events, storeAddresses }: EffectDeps) {
  const { store, logger, dataDir, runDir, drainFlag } = context;
  const socketPath = join(runDir, GENERATION_SOCKET);

  async function probeNginx(live: number | null): Promise<Probed> {
    const served = (await probeGeneration(socketPath))?.number ?? null;
    const isCurrent = served !== null && served !== live && served === (await readCurrent(dataDir));
    const known = isCurrent ? await describeGeneration(store, served) : null;
    return { served, known, verified: await readVerified(dataDir) };
  }

  async function probe({ waitUntilMs, live, clearsRollback }: Of<'probe'>): Promise<StepEvent> {
    // Only requests until now are notified when the run fails: a later change gets its own run.
    const revision = await store.meta.revision().catch(() => 0);
    try {
      if (clearsRollback) await clearRollback(store);
      const isRunning = await waitForNginx(async () => (await readMaster(runDir)) !== null, waitUntilMs);
      const nginx = isRunning ? await probeNginx(live) : null;
      return { type: 'probed', revision, nginx, absence: describeAbsence(runDir).message };
    } catch (error) {
      return { type: 'stepFailed', message: explainThrown(error), revision };
    }
  }

  async function activate({ staged, served, startedAtMs }: Of<'activate'>): Promise<StepEvent> {
    const { number } = staged;
    await drainFlag.raise();
    await drainFlag.waitUntilEffective();
    const problem = await activateGeneration(context, number, served);
    // NGINX serves it even if it cannot be recorded; the next publish or start corrects the record.
    if (problem === null)
      await recordVerified(store, number, Math.round(performance.now() - startedAtMs)).catch((error: unknown) =>
        logger.warn({ err: error, generation: number }, 'The generation is live but could not be recorded'),
      );
    return { type: 'activated', problem };
  }

  async function restore({ number, served }: Of<'restore'>): Promise<StepEvent> {
    const exists = (await listGenerationDirs(dataDir)).includes(number);
    const isVerified = exists && (await activateGeneration(context, number, served)) === null;
    return { type: 'restored', isVerified, live: isVerified ? await describeGeneration(store, number) : null };
  }

  async function recordFailure({ number, problem, startedAtMs }: Of<'recordFailure'>): Promise<void> {
    const tookMs = Math.round(performance.now() - startedAtMs);
    await store.generations
      .update(number, { state: 'failed', error: problem, tookMs })
      .catch((error: unknown) =>
        logger.warn({ err: error, generation: number }, 'The failure of the generation could not be recorded'),
      );
  }

  async function tidy({ needed }: Of<'tidy'>): Promise<StepEvent> {
    await Promise.all([
      Promise.all([readCurrent(dataDir), readVerified(dataDir)]).then((more) =>
        pruneGenerations(dataDir, [...needed, ...more]),
      ),
      storeAddresses(),
    ]).catch((error: unknown) => logger.warn({ err: error }, 'Cleaning up after publishing failed'));
    return { type: 'tidied' };
  }

  async function check({ probesServed }: Of<'check'>): Promise<PublishEvent> {
    const isRunning = (await readMaster(runDir)) !== null;
    const served = isRunning && probesServed ? await probeGeneration(socketPath) : null;
    return { type: 'checked', isRunning, served: served?.number ?? null };
  }

  function announcePublished({ live, cause, tookMs, isNew }: Of<'announcePublished'>): void {
    const { number, revision, rejected } = live;
    logger[isNew ? 'info' : 'debug']({ generation: number, revision, cause, tookMs, isNew }, 'Published');
    events.emit('generation.published', { number, revision, rejected });
  }

  function announceFailed({ number, revision, message }: Of<'announceFailed'>): void {
    logger.error({ generation: number, revision }, `Not published: ${message}`);
    events.emit('generation.failed', { number: number ?? 0, revision, error: message });
  }

  async function run(effect: WorldEffect): Promise<PublishEvent | undefined> {
    switch (effect.type) {
      case 'probe':
        return probe(effect);
      case 'prepare':
        return prepare(context, effect.request);
      case 'makeRoom':
        await context.ledger.makeRoom();
        return { type: 'roomMade' };
      case 'testRollback':
        return testRollback(context, effect.number);
      case 'activate':
        return activate(effect);
      case 'restore':
        return restore(effect);
      case 'recordFailure':
        await recordFailure(effect);
        return undefined;
      case 'lowerFlag':
        await drainFlag.lower();
        return { type: 'flagLowered' };
      case 'tidy':
        return tidy(effect);
      case 'check':
        return check(effect);
      case 'announcePublished':
        announcePublished(effect);
        return undefined;
      case 'announceFailed':
        announceFailed(effect);
        return undefined;
    }
  }

  return async (effect: WorldEffect): Promise<PublishEvent | undefined> => {
    try {
      return await run(effect);
    } catch (error) {
      if (effect.type === 'check') {
        logger.warn({ err: error }, 'NGINX could not be checked');
        return { type: 'checkFailed' };
      }
      return { type: 'stepFailed', message: explainThrown(error) };
    }
  };
}
