import { platform } from 'platform/system';
import { prepareCounting, startCounting, stopCounting } from '../../access/limits/index.ts';
import { streams } from '../streams.ts';
import { records } from '../records.ts';
import { setWorkerProblem, workerProblem } from './health.ts';
import { setHashSeed } from './seed.ts';

/** Runs in NGINX's master before workers are forked: a problem with the machine aborts the start, or the reload. */
export function start(): void {
  const problem = platform.checkStart() ?? prepareCounting();
  // A table, as TypeScript's Error is in Lua, would be logged as "unknown reason".
  if (problem !== undefined) throw problem as unknown as Error;
}

/** Runs in each worker. A failure here does not end the worker, so the problem is stored and every request is refused. */
export function startWorker(isTrial = false): void {
  const [seed, noSeed] = platform.randomSeed();
  if (seed !== undefined) math.randomseed(seed);
  const [secret, noSecret] = platform.randomSeed();
  if (secret !== undefined) setHashSeed(secret % 0x100000000);
  records.startWorker();
  const problem =
    (noSeed as string | undefined) ??
    (noSecret as string | undefined) ??
    platform.checkWorker() ??
    streams.startWorker() ??
    startCounting(!isTrial);
  setWorkerProblem(problem);
}

/** Runs in each worker when it ends. */
export function stopWorker(): void {
  stopCounting();
}

/** Ends NGINX with 0 if a worker could start, else 1: a gate is tested by this before it may be published (nginx/templates/main/trial.hbs). */
export function tryStart(): void {
  startWorker(true);
  os.exit(workerProblem() === undefined ? 0 : 1);
}
