import { join } from 'node:path';
import { RegistryError } from '../../lib/errors.ts';
import { switchCurrent, writeVerified } from '../generations/activate.ts';
import type { PublishContext } from '../publish-context.ts';
import { SYSTEM_CLOCK } from '../../lib/clock.ts';
import { probeGeneration } from './probe-generation.ts';
import { findRefusal, markErrorLogs } from './error-tail.ts';
import { GENERATION_SOCKET } from './run-dir.ts';
import { verifyGeneration } from './verify.ts';
import { listWorkers, readMaster, signal } from './workers.ts';

const POLL_MS = 50;

/** Waits until NGINX runs, at most until `untilMs` on the monotonic clock; false if it does not. */
export async function waitForNginx(
  isRunning: () => Promise<boolean>,
  untilMs: number,
  clock = SYSTEM_CLOCK,
): Promise<boolean> {
  while (!(await isRunning())) {
    if (clock.nowMs() >= untilMs) return false;
    await clock.sleep(POLL_MS);
  }
  return true;
}

/**
 * Points `current` to a generation, reloads NGINX and verifies that it serves it. `served` is what NGINX is known to serve.
 * Returns null if verified, else the reason. Throws when the file system fails before anything was changed.
 */
export async function activateGeneration(
  context: Pick<PublishContext, 'dataDir' | 'runDir' | 'ledger' | 'errorLogs' | 'verifyLimitMs'>,
  number: number,
  served: number | null,
): Promise<string | null> {
  const { dataDir, runDir, ledger } = context;
  const olderPids = await ledger.tag(served);
  const tail = await markErrorLogs(context.errorLogs);
  await switchCurrent(dataDir, number);
  const master = await readMaster(runDir);
  if (master === null || !signal(master, 'SIGHUP')) return 'NGINX is not running any more';
  const problem = await verifyGeneration({
    number,
    nginx: {
      master: () => readMaster(runDir),
      workers: listWorkers,
      answer: () => probeGeneration(join(runDir, GENERATION_SOCKET)),
    },
    olderPids,
    limitMs: context.verifyLimitMs,
    findRefusal: async () => findRefusal(await tail.emergencies()),
  });
  if (problem === null) {
    await ledger.tag(number);
    await writeVerified(dataDir, number);
    return null;
  }
  const emergencies = await tail.emergencies();
  const reasons = emergencies.filter((line) => !problem.includes(line)).slice(-3);
  return [...new Set([problem, ...reasons])].join('; ');
}

/** The error for callers while NGINX is not running. */
export function describeAbsence(runDir: string): RegistryError {
  return new RegistryError('unavailable', `NGINX is not running (no process behind ${join(runDir, 'nginx.pid')})`, {
    hint: 'Every change is stored and is published as soon as NGINX runs; see the supervisor and the error log.',
  });
}
