import { setTimeout as sleep } from 'node:timers/promises';
import { describeError } from '../../errors.ts';
import type { StoredServer } from '../../store/index.ts';
import type { Checker } from '../check/checker.ts';
import type { HealthParts } from '../health-deps.ts';
import type { Slots } from './semaphore.ts';

export interface Sweep {
  servers: StoredServer[];
  failed: number;
  tookMs: number;
}

export interface SweepOptions {
  /** Each check begins at some moment within this time, so that backends are not all asked at once. */
  jitterMs: number;
  signal: AbortSignal;
}

/** Checks every enabled server once, a bounded number at a time, and writes what was seen. One that cannot be kept stops no other. */
export async function sweepServers(
  parts: HealthParts,
  checker: Checker,
  slots: Slots,
  { jitterMs, signal }: SweepOptions,
): Promise<Sweep> {
  const began = performance.now();
  const servers = (await parts.store.servers.all()).filter(({ enabled }) => enabled);
  let failed = 0;
  await Promise.all(
    servers.map(async (server) => {
      if (jitterMs > 0) await sleep(Math.random() * jitterMs, undefined, { signal }).catch(() => undefined);
      await slots.run(async () => {
        if (signal.aborted) return;
        try {
          await checker.check(server, { whole: false, decisive: false });
        } catch (error) {
          failed += 1;
          parts.log.error({ path: server.path, error: describeError(error) }, 'a check could not be kept');
        }
      });
    }),
  );
  await checker.flush();
  return { servers, failed, tookMs: performance.now() - began };
}
