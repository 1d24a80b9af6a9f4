import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readCurrent, readVerified, switchCurrent, writeVerified } from '../generations/activate.ts';
import { recordVerified, UNDECIDED } from '../generations/record.ts';
import { listGenerationDirs, readGeneration, stageGeneration } from '../generations/stage.ts';
import { testConfig } from '../generations/test-config.ts';
import { planRoutes } from '../plan/plan-routes.ts';
import type { PublishContext } from '../publish-context.ts';
import { GENERATION_SOCKET } from '../reload/run-dir.ts';
import { probeGeneration } from '../reload/probe-generation.ts';
import { planRecovery, type Leftovers } from './plan-recovery.ts';
import { fingerprintOf } from './prepare.ts';

const INTERRUPTED = 'The registry ended before this generation was verified';
/** How many of the last generations are searched for interrupted ones; there is at most one at a time. */
const MAX_INTERRUPTED = 50;

/** Writes generation 0 (UI and API only), with which an operator always has access. Returns true if it replaced a different one. */
async function writeGenerationZero(context: PublishContext): Promise<boolean> {
  const { dataDir, options, gateBundle, store, logger } = context;
  const addressOf = () => ({ problem: 'Generation 0 has no servers' });
  const { plan } = planRoutes({ gateway: context.planGateway(), servers: [], addressOf, rejected: new Map() });
  const rendering = context.render(plan, context.readFacts(), 0, gateBundle);
  const fingerprint = fingerprintOf(rendering);
  const before = await readGeneration(dataDir, 0);
  const differs = before === null || fingerprintOf(before) !== fingerprint;
  if (differs) await stageGeneration(dataDir, 0, rendering);
  const known = await store.generations.byNumber(0);
  // Tested at an earlier start: saves 0.1 s in which no requests could be served.
  if (!differs && known?.fingerprint === fingerprint) return false;
  const tested = await testConfig(options.nginxBin, context.runDir, join(dataDir, 'generations', '0'));
  if (!tested.passed) logger.error({ nginx: tested.output }, "Generation 0 does not pass NGINX's test");
  const row = { fingerprint, nginxOutput: tested.output };
  if (known !== undefined) await store.generations.update(0, row);
  else {
    const first = { number: 0, state: 'staged', revision: 0, servers: 0, rejected: [], cause: 'Start' } as const;
    await store.generations.add({ ...UNDECIDED, ...row, ...first, rejected: [], createdAt: new Date().toISOString() });
  }
  return differs && before !== null;
}

async function findLeftovers(context: PublishContext): Promise<Leftovers> {
  const { dataDir, store } = context;
  await mkdir(join(dataDir, 'generations'), { recursive: true, mode: 0o700 });
  const isZeroRewritten = await writeGenerationZero(context);
  const rows = await store.generations.list({ limit: MAX_INTERRUPTED });
  return {
    isZeroRewritten,
    current: await readCurrent(dataDir),
    verified: await readVerified(dataDir),
    folders: await listGenerationDirs(dataDir),
    served: (await probeGeneration(join(context.runDir, GENERATION_SOCKET)))?.number ?? null,
    staged: rows.filter(({ state }) => state === 'staged').map(({ number }) => number),
  };
}

/**
 * Makes the data folder consistent at start, at whatever moment the previous registry ended: generation 0 and `current` exist, and no run is
 * incomplete. Throws the error of the database or the file system.
 */
export async function recover(context: PublishContext): Promise<{ mustPublish: boolean }> {
  const { dataDir, store } = context;
  const { switchTo, verified, failed, mustPublish } = planRecovery(await findLeftovers(context));
  if (switchTo !== null) await switchCurrent(dataDir, switchTo);
  if (verified !== null) {
    await recordVerified(store, verified);
    await writeVerified(dataDir, verified);
  }
  for (const number of failed) await store.generations.update(number, { state: 'failed', error: INTERRUPTED });
  return { mustPublish };
}
