import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callOnce } from '../../test/support/faults/load/call-once.ts';
import { runProgram } from '../../test/support/processes/run-program.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { readFamilyCpuUs } from './cpu-time.ts';
import { listProcessTree, sumPssMb } from './pss.ts';

/** A checkout with a data folder that has servers. */
export interface Tree {
  root: string;
  dataDir: string;
  env: Record<string, string>;
  key: string;
}

export interface StartRound {
  /** From the start of start.sh until every server has responded to a call. */
  startS: number;
  /** CPU time of all processes until then, including those that have ended. */
  cpuS: number;
  /** PSS of all processes. */
  megabytes: number;
  /** From the kill of the registry until `/readyz` responds again. */
  backS: number;
}

const secondsSince = (began: number) => (performance.now() - began) / 1000;

async function killRegistry(url: string, dataDir: string): Promise<number> {
  const readPid = () => Number(readFileSync(join(dataDir, 'supervise/registry/pgid'), 'utf8'));
  const before = readPid();
  if (!(before > 1)) throw new Error('no pid of the registry');
  const began = performance.now();
  process.kill(before, 'SIGKILL');
  await waitFor('the registry', async () => (await fetch(`${url}/readyz`)).status === 200 && readPid() !== before);
  return secondsSince(began);
}

/** Starts the gateway of a tree, calls all its servers, kills its registry and stops it. `inspect` sees the processes before the kill. */
export async function watchStart(
  { root, dataDir, env, key }: Tree,
  paths: readonly string[],
  inspect: (pids: readonly number[]) => void,
): Promise<StartRound> {
  const began = performance.now();
  const program = runProgram(join(root, 'scripts/start.sh'), [], { env, cwd: root });
  const url = `http://127.0.0.1:${env['GATEWAY_PORT']}`;
  try {
    await program.line(/^ready$/);
    for (const path of paths) {
      const { text } = await callOnce(false, { url, path, key }, 1);
      if (text !== '200') throw new Error(`${path} was answered ${text} right after the start`);
    }
    const startS = secondsSince(began);
    const family = listProcessTree(program.pid);
    const cpuS = readFamilyCpuUs(family) / 1e6;
    inspect(family);
    return { startS, cpuS, megabytes: sumPssMb(family), backS: await killRegistry(url, dataDir) };
  } finally {
    await program.stop();
  }
}
