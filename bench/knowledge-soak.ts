import { setTimeout as sleep } from 'node:timers/promises';
import { countDescriptors, openKnowledge } from './open-knowledge.ts';

/**
 * Nothing may grow: `node --expose-gc bench/knowledge-soak.ts [checks]` sweeps 100 servers while others come and go, and fails when memory,
 * descriptors or timers at the end exceed those after a tenth of the way.
 */
const [wanted = 10_000] = process.argv.slice(2).map(Number);
const SERVERS = 100;
const COMING = 10;
const SLACK = { heapMb: 6, descriptors: 20, timers: 20 };

const { ports, health, register, remove, countSessions, close } = await openKnowledge(SERVERS + COMING, 10);
for (const [index, port] of ports.slice(0, SERVERS).entries()) await register(`standing-${index}`, port);

async function measure() {
  // Idle connections close within a second or two; only what stays is counted.
  await sleep(3_000);
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('start node with --expose-gc');
  collect();
  await sleep(100);
  collect();
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const heapMb = Math.round(process.memoryUsage().heapUsed / 1e5) / 10;
  return { heapMb, descriptors: countDescriptors(), timers, sessions: await countSessions() };
}

let checks = 0;
let base: Awaited<ReturnType<typeof measure>> | undefined;
for (let round = 0; checks < wanted; round += 1) {
  const paths = ports.slice(SERVERS).map((_, index) => `coming-${round}-${index}`);
  await Promise.all(paths.map((path, index) => register(path, ports[SERVERS + index] ?? 0)));
  checks += (await health.sweep()).checked;
  await Promise.all(paths.map((path) => remove(path)));
  if (round % 10 !== 9) continue;
  const now = await measure();
  if (checks >= wanted / 10) base ??= now;
  console.log(checks, JSON.stringify(now));
}
const last = await measure();
await close();
if (base === undefined) throw new Error('too few checks to compare');
const grown = (['heapMb', 'descriptors', 'timers'] as const).filter((what) => last[what] > base[what] + SLACK[what]);
console.log(`after ${checks} checks:`, JSON.stringify(last), grown.length === 0 ? 'flat' : `GREW: ${grown.join(', ')}`);
process.exitCode = grown.length === 0 && last.sessions === 0 ? 0 : 1;
