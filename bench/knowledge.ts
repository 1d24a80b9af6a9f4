import { percentile } from '../registry/health/percentile.ts';
import { countDescriptors, openKnowledge, residentMb } from './open-knowledge.ts';

/**
 * What knowing 1,000 servers with 10,000 tools costs (DESIGN §9): `node bench/knowledge.ts [servers] [tools each] [sweeps]`. Run it with the
 * registry's own flags of memory (scripts/services).
 */
const [count = 1000, toolsEach = 10, sweeps = 8] = process.argv.slice(2).map(Number);
const { ports, discovery, health, servers, register, countSessions, close } = await openKnowledge(count, toolsEach);

const round = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10);
async function time(times: number, work: (index: number) => Promise<unknown>): Promise<string> {
  const took: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const began = performance.now();
    await work(index);
    took.push(performance.now() - began);
  }
  return `p50 ${String(round(percentile(took, 50)))} ms, p95 ${String(round(percentile(took, 95)))} ms`;
}

const pathOf = (index: number) => `team-${index % 20}/server-${index}`;
let began = performance.now();
for (let at = 0; at < count; at += 25)
  await Promise.all(
    ports
      .slice(at, at + 25)
      .map((port, offset) => register(pathOf(at + offset), port, ['bench', `team-${(at + offset) % 20}`])),
  );
console.log(`register ${count}: ${round((performance.now() - began) / count)} ms each; ${residentMb()} MB`);

for (let index = 0; index < sweeps; index += 1) {
  const cpu = process.cpuUsage();
  began = performance.now();
  await health.sweep();
  const used = process.cpuUsage(cpu);
  const tookMs = Math.round(performance.now() - began);
  const cpuMs = Math.round((used.user + used.system) / 1000);
  console.log(
    `sweep ${index + 1}: ${tookMs} ms, CPU ${cpuMs} ms, ${residentMb()} MB, ${countDescriptors()} descriptors`,
  );
}
console.log('sessions left on the servers:', await countSessions());
console.log(`list all ${count}: ${await time(50, () => servers.list({ limit: 1000 }))}`);
console.log(`list 100 of ${count}: ${await time(50, () => servers.list({ limit: 100 }))}`);
console.log(`get one: ${await time(100, (index) => servers.get(pathOf(index)))}`);
const queries = [
  'weather',
  'send mail',
  'records by name',
  'inv',
  'server 77',
  'payment of server',
  'write',
  'nothing-like-this',
];
for (const q of queries) {
  const hits = await discovery.search({ q, limit: 20 });
  console.log(`search "${q}" (${hits.length} hits): ${await time(40, () => discovery.search({ q, limit: 20 }))}`);
}
console.log(`memory at the end: ${residentMb()} MB, ${countDescriptors()} descriptors`);
await close();
