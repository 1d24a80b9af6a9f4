import { platform } from 'platform/system';
import { prepareCounting, startCounting, stopCounting } from '../../access/limits/index.ts';
import { streams } from '../streams.ts';
import { records } from '../records.ts';
import { setWorkerProblem, workerProblem } from './health.ts';
import { setHashSeed } from './seed.ts';

/** Runs in NGINX's master before workers are forked: what is wrong with the machine ends the start, or the reload. */
export function start(): void {
  const problem = platform.checkStart() ?? prepareCounting();
  // A table, as TypeScript's Error is in Lua, would be logged as "unknown reason".
  if (problem !== undefined) throw problem as unknown as Error;
}

/** Runs in each worker. What goes wrong here ends no worker, so it is remembered and every request is refused. */
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

/** Runs in each worker that ends. */
export function stopWorker(): void {
  stopCounting();
}

/** Ends NGINX with 0 when a worker could start, else 1: how a gate is tried before it may be published (nginx/templates/main/trial.hbs). */
export function tryStart(): void {
  startWorker(true);
  os.exit(workerProblem() === undefined ? 0 : 1);
}
