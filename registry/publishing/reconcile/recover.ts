import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readCurrent, readProven, switchCurrent, writeProven } from '../generations/activate.ts';
import type { Live } from './live-state.ts';
import { planRoutes } from '../plan/plan-routes.ts';
import { askGeneration } from '../reload/verify.ts';
import { describeServed, fingerprintOf, type Machine } from './publish-run.ts';
import { GENERATION_SOCKET } from '../reload/run-dir.ts';
import { readGeneration, stageGeneration } from '../generations/stage.ts';
import { testConfig } from '../generations/test-config.ts';

const INTERRUPTED = 'the registry ended before this generation was proven';

/** Makes generation 0 (UI and API only), with which an operator always gets in; it is written anew when the settings make it another one. */
async function makeGenerationZero(machine: Machine): Promise<{ isRewritten: boolean }> {
  const { dataDir, options, facts, gateBundle, store, logger } = machine;
  const addressOf = () => ({ problem: 'generation 0 has no servers' });
  const { plan } = planRoutes({ gateway: options.gateway, servers: [], addressOf, rejected: new Map() });
  const rendering = machine.render(plan, facts, 0, gateBundle);
  const fingerprint = fingerprintOf(rendering);
  const before = await readGeneration(dataDir, 0);
  const isOther = before === null || fingerprintOf(before) !== fingerprint;
  if (isOther) await stageGeneration(dataDir, 0, rendering);
  const tested = await testConfig(options.nginxBin, machine.runDir, join(dataDir, 'generations', '0'));
  if (!tested.passed) logger.error({ nginx: tested.output }, 'generation 0 does not pass the test of NGINX');
  const row = { fingerprint, nginxOutput: tested.output };
  const isRewritten = isOther && before !== null;
  if ((await store.generations.byNumber(0)) !== undefined) {
    await store.generations.update(0, row);
    return { isRewritten };
  }
  const [at, none] = [new Date().toISOString(), { error: null, provenAt: null, tookMs: null }];
  await store.generations.add({
    ...row,
    ...none,
    number: 0,
    state: 'staged',
    revision: 0,
    servers: 0,
    setAside: [],
    cause: 'start',
    createdAt: at,
  });
  return { isRewritten };
}

/** What a run that was killed left behind: a generation that NGINX serves by now is proven, any other one failed. */
async function closeInterrupted(machine: Machine, served: number | null): Promise<void> {
  for (const row of await machine.store.generations.list({ limit: 50 })) {
    if (row.state !== 'staged') continue;
    if (row.number === served) {
      await machine.store.generations.update(row.number, { state: 'proven', provenAt: new Date().toISOString() });
      await writeProven(machine.dataDir, row.number);
    } else if (row.number !== 0)
      await machine.store.generations.update(row.number, { state: 'failed', error: INTERRUPTED });
  }
}

/**
 * Brings the data folder into order at start, whatever moment the last registry ended at: generation 0 and `current` are there, nothing is
 * half done. `mustPublish`: what NGINX holds in memory may be another generation 0 than the one on disk.
 */
export async function converge(machine: Machine): Promise<{ mustPublish: boolean }> {
  const { dataDir } = machine;
  await mkdir(join(dataDir, 'generations'), { recursive: true, mode: 0o700 });
  const { isRewritten } = await makeGenerationZero(machine);
  let current = await readCurrent(dataDir);
  if (current === null || (await readGeneration(dataDir, current)) === null) {
    const proven = await readProven(dataDir);
    current = proven !== null && (await readGeneration(dataDir, proven)) !== null ? proven : 0;
    await switchCurrent(dataDir, current);
  }
  const served = (await askGeneration(join(machine.runDir, GENERATION_SOCKET)))?.number ?? null;
  await closeInterrupted(machine, served === current ? served : null);
  return { mustPublish: isRewritten && served === 0 };
}

/**
 * What NGINX serves as far as the records tell: null when nobody answers, or when it is not what `current` says (a reload was lost), so that
 * it must be published anew.
 */
export async function recognise(machine: Machine, served: number | null): Promise<Live | null> {
  if (served === null || served !== (await readCurrent(machine.dataDir))) return null;
  return describeServed(machine, served);
}
