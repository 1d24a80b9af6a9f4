import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '../../lib/errors.ts';
import type { StoredServer } from '../../store/index.ts';
import type { Checker } from '../check/checker.ts';
import type { HealthDeps } from '../health-deps.ts';
import type { Semaphore } from './semaphore.ts';

export interface Sweep {
  servers: StoredServer[];
  failed: number;
  tookMs: number;
}

export interface SweepOptions {
  /** Each check starts at a random moment within this time, so that not all backends are checked at once. */
  jitterMs: number;
  signal: AbortSignal;
}

/** Checks every enabled server once, a bounded number at a time, and stores the results. A failed check does not stop the others. */
export async function sweepServers(
  deps: Pick<HealthDeps, 'store' | 'log'>,
  checker: Checker,
  semaphore: Semaphore,
  { jitterMs, signal }: SweepOptions,
): Promise<Sweep> {
  const began = performance.now();
  const servers = (await deps.store.servers.all()).filter(({ enabled }) => enabled);
  let failed = 0;
  await Promise.all(
    servers.map(async (server) => {
      if (jitterMs > 0) await sleep(Math.random() * jitterMs, undefined, { signal }).catch(() => undefined);
      await semaphore.run(async () => {
        if (signal.aborted) return;
        try {
          await checker.check(server, { full: false, decisive: false });
        } catch (error) {
          failed += 1;
          deps.log.error(
            { path: server.path, error: describeError(error) },
            'the result of a check could not be recorded',
          );
        }
      });
    }),
  );
  await checker.flush();
  return { servers, failed, tookMs: performance.now() - began };
}
