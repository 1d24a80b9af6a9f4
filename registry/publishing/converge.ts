import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readCurrent, readProven, switchCurrent, writeProven } from './activate.ts';
import type { Live } from './live-state.ts';
import { planRoutes } from './plan-routes.ts';
import { askGeneration } from './prove.ts';
import { describeServed, fingerprintOf, type Machine } from './publish-run.ts';
import { GENERATION_SOCKET } from './run-dir.ts';
import { readGeneration, stageGeneration } from './stage.ts';
import { testConfig } from './test-config.ts';

const INTERRUPTED = 'the registry ended before this generation was proven';

/** Makes generation 0 (UI and API only), with which an operator always gets in; it is written anew when the settings make it another one. */
async function makeGenerationZero(machine: Machine): Promise<void> {
  const { dataDir, options, facts, gateBundle, store, logger } = machine;
  const addressOf = () => ({ problem: 'generation 0 has no servers' });
  const { plan } = planRoutes({ gateway: options.gateway, servers: [], addressOf, rejected: new Map() });
  const rendering = machine.render(plan, facts, 0, gateBundle);
  const fingerprint = fingerprintOf(rendering);
  const before = await readGeneration(dataDir, 0);
  if (before === null || fingerprintOf(before) !== fingerprint) await stageGeneration(dataDir, 0, rendering);
  const tested = await testConfig(options.nginxBin, machine.runDir, join(dataDir, 'generations', '0'));
  if (!tested.passed) logger.error({ nginx: tested.output }, 'generation 0 does not pass the test of NGINX');
  const row = { fingerprint, nginxOutput: tested.output };
  if ((await store.generations.byNumber(0)) !== undefined) return store.generations.update(0, row);
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
 * half done. Gives what NGINX serves, or null when that is not what `current` says (then it is published anew).
 */
export async function converge(machine: Machine): Promise<Live | null> {
  const { dataDir } = machine;
  await mkdir(join(dataDir, 'generations'), { recursive: true, mode: 0o700 });
  await makeGenerationZero(machine);
  let current = await readCurrent(dataDir);
  if (current === null || (await readGeneration(dataDir, current)) === null) {
    const proven = await readProven(dataDir);
    current = proven !== null && (await readGeneration(dataDir, proven)) !== null ? proven : 0;
    await switchCurrent(dataDir, current);
  }
  const served = (await askGeneration(join(machine.runDir, GENERATION_SOCKET)))?.number ?? null;
  const isCurrent = served === current;
  await closeInterrupted(machine, isCurrent ? served : null);
  // Generation 0 may have been another one when NGINX loaded it.
  return isCurrent && served > 0 ? describeServed(machine, served) : null;
}
