import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ROOT, startGateway } from '../../../test/support/gateway/start-gateway.ts';
import { startLightServers } from '../../backends/start-light-servers.ts';
import { withClosers } from '../../measure/closers.ts';
import { readPssMb } from '../../measure/pss.ts';
import type { Bar, Bench } from '../../measure/report/report.ts';
import { median, showSpread } from '../../measure/statistics.ts';
import { watchStart, type StartRound, type Tree } from '../../measure/watch-start.ts';

const SERVERS = 10;
const ROUNDS = 5;
const PATHS = Array.from({ length: SERVERS }, (_, index) => `s${index}`);

/** Another checkout to compare with this one. */
const OTHER = process.env['BENCH_OTHER_TREE'];

/** A short name of a process: its program, for Node its file, for NGINX its title. */
function nameProcess(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const file = words.find((word) => /\.[tj]s$/.test(word));
    return file?.split('/').slice(-2).join('/') ?? /^nginx: \w+/.exec(words[0] ?? '')?.[0] ?? basename(words[0] ?? '');
  } catch {
    return 'gone';
  }
}

/** A gateway of `root` in `dataDir` that has the servers and an agent that may call them. */
async function prepareTree(root: string, dataDir: string, urls: readonly string[]): Promise<Tree> {
  const modules = process.env['NGINX_MODULES'];
  // As an operator starts it: each start checks whether sources are newer than the build.
  const env = { MCPGW_SKIP_BUILD: 'no', ...(modules === undefined ? {} : { NGINX_MODULES: modules }) };
  const gateway = await startGateway({ root, dataDir, env });
  try {
    for (const [index, url] of urls.entries()) await gateway.register({ path: PATHS[index], url });
    const { key } = await gateway.createAgent(['*']);
    // The same ports at each start: with other ports, the verified rendering is discarded (scripts/start/supervise/stale-rendering.ts).
    return { root, dataDir, env: gateway.env, key };
  } finally {
    await gateway.close();
  }
}

function judge(rounds: readonly StartRound[], others: readonly StartRound[]): Bar[] {
  const medianOf = (of: (round: StartRound) => number, list = rounds) => median(list.map(of));
  const [start, back, size] = [
    medianOf((one) => one.startS),
    medianOf((one) => one.backS),
    medianOf((one) => one.megabytes),
  ];
  const bars = [
    { what: 'start to serving', bar: '≤ 1.5 s', value: `${start.toFixed(2)} s`, met: start <= 1.5 },
    { what: 'registry killed to ready', bar: '≤ 2 s', value: `${back.toFixed(2)} s`, met: back <= 2 },
    { what: 'all processes', bar: '≤ 150 MB', value: `${size.toFixed(0)} MB`, met: size <= 150 },
  ];
  if (others.length === 0) return bars;
  const other = medianOf((one) => one.megabytes, others);
  return [
    ...bars,
    {
      what: 'memory compared with the other tree',
      bar: `≤ ${other.toFixed(0)} MB`,
      value: `${size.toFixed(0)} MB`,
      met: size <= other,
    },
  ];
}

/** start.sh on a folder with ten servers: time until they are served, its cost, and the time until a killed registry is back. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const { urls } = defer(await startLightServers(SERVERS));
    const parent = mkdtempSync(join(tmpdir(), 'mcpgw-bench-'));
    defer({
      close: () => {
        rmSync(parent, { recursive: true, force: true });
        return Promise.resolve();
      },
    });
    const trees = [await prepareTree(ROOT, join(parent, 'this'), urls)];
    if (OTHER !== undefined) trees.push(await prepareTree(OTHER, join(parent, 'other'), urls));
    const found = trees.map((): StartRound[] => []);
    const sizes = trees.map(() => new Map<string, number>());
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [index, tree] of trees.entries()) {
        const size = new Map<string, number>();
        const inspect = (pids: readonly number[]) => {
          for (const pid of pids) size.set(nameProcess(pid), (size.get(nameProcess(pid)) ?? 0) + readPssMb(pid));
        };
        found[index]?.push(await watchStart(tree, PATHS, inspect));
        sizes[index] = size;
      }
    const rows = found.map((rounds, index) => [
      index === 0 ? 'this one' : 'the other',
      showSpread(
        rounds.map(({ startS }) => startS),
        2,
      ),
      showSpread(
        rounds.map(({ cpuS }) => cpuS),
        2,
      ),
      showSpread(
        rounds.map(({ backS }) => backS),
        2,
      ),
      showSpread(
        rounds.map(({ megabytes }) => megabytes),
        0,
      ),
      [...(sizes[index] ?? [])]
        .sort(([, one], [, other]) => other - one)
        .filter(([, megabytes]) => megabytes >= 1)
        .map(([name, megabytes]) => `${name} ${megabytes.toFixed(0)}`)
        .join(', '),
    ]);
    return {
      title: 'Start and memory',
      method: `\`scripts/start.sh\` on a folder with ${SERVERS} servers, ${ROUNDS} times, each tree once per round: from the start of the script until each server has responded to a call through the gateway (\`ready\` was printed before). CPU is that of all processes until then. Then the PSS of every process, and the time from killing the registry (SIGKILL) until \`/readyz\` responds through NGINX again. The other tree is the checkout in \`BENCH_OTHER_TREE\`.`,
      columns: ['tree', 'start, s', 'CPU, s', 'registry back, s', 'all processes (PSS), MB', 'MB in the last round'],
      rows,
      bars: judge(found[0] ?? [], found[1] ?? []),
    };
  });
