import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RegistryError } from '../../errors.ts';
import { readProven, switchCurrent, writeProven } from '../generations/activate.ts';
import { findRefusal, markErrorLogs } from './error-tail.ts';
import { proveGeneration } from './verify.ts';
import { GENERATION_SOCKET } from './run-dir.ts';
import { readGeneration } from '../generations/stage.ts';
import type { WorkerLedger } from './worker-ledger.ts';
import { readMaster, signal } from './workers.ts';

export interface RollOutParts {
  dataDir: string;
  runDir: string;
  errorLogs: readonly string[];
  proofLimitMs: number;
  ledger: WorkerLedger;
}

export interface RolledOut {
  /** Null when the generation is proven; else why it is not, in words. */
  problem: string | null;
  /** What is current now: the generation asked for, or the one that was gone back to. */
  current: number;
  /** Whether `current` was proven. */
  proven: boolean;
}

/** Waits for NGINX's master; false when there is none until then. */
export async function waitForNginx(runDir: string, untilMs: number): Promise<boolean> {
  for (;;) {
    if ((await readMaster(runDir)) !== null) return true;
    if (performance.now() >= untilMs) return false;
    await wait(50);
  }
}

/** Swaps, reloads and proves; null when proven. */
async function activate(parts: RollOutParts, number: number, served: number | null): Promise<string | null> {
  const { dataDir, runDir, ledger } = parts;
  const olderPids = await ledger.tag(served);
  const tail = await markErrorLogs(parts.errorLogs);
  await switchCurrent(dataDir, number);
  const master = await readMaster(runDir);
  if (master === null || !signal(master, 'SIGHUP')) return 'NGINX is not running any more';
  const problem = await proveGeneration({
    socketPath: join(runDir, GENERATION_SOCKET),
    number,
    master: () => readMaster(runDir),
    olderPids,
    limitMs: parts.proofLimitMs,
    givenUp: async () => findRefusal(await tail.emergencies()),
  });
  if (problem === null) {
    await ledger.tag(number);
    await writeProven(dataDir, number);
    return null;
  }
  const emergencies = await tail.emergencies();
  const words = emergencies.filter((line) => !problem.includes(line)).slice(-3);
  return [...new Set([problem, ...words])].join('; ');
}

/**
 * Makes a staged and tested generation the one that NGINX serves, or puts the one before back; when not even that can be proven, generation 0.
 * `served` is what NGINX is known to serve. Throws when the file system fails before anything was changed.
 */
export async function rollOut(parts: RollOutParts, number: number, served: number | null): Promise<RolledOut> {
  const problem = await activate(parts, number, served);
  if (problem === null) return { problem, current: number, proven: true };
  for (const back of new Set([served ?? (await readProven(parts.dataDir)) ?? 0, 0])) {
    if (back === number || (await readGeneration(parts.dataDir, back)) === null) continue;
    if ((await activate(parts, back, served)) === null) return { problem, current: back, proven: true };
  }
  return { problem, current: 0, proven: false };
}

/** What callers are told while there is no NGINX. */
export function describeAbsence(runDir: string): RegistryError {
  return new RegistryError('unavailable', `NGINX is not running (no process behind ${join(runDir, 'nginx.pid')})`, {
    hint: 'Every change is kept and is published by itself as soon as NGINX runs; see the supervisor and the error log.',
  });
}
