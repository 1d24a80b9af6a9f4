import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { serverInput } from '../registry/contract/index.ts';
import { createDiscovery } from '../registry/discovery/create-discovery.ts';
import { Events } from '../registry/events.ts';
import { createHealth } from '../registry/health/create-health.ts';
import { percentile } from '../registry/health/percentile.ts';
import { createSystemGuard } from '../registry/health/upstream-guard.ts';
import { createServers } from '../registry/servers/create-servers.ts';
import { openStore } from '../registry/store/open-store.ts';
import { createSealer } from '../registry/store/seal.ts';

/**
 * What knowing 1,000 servers with 10,000 tools costs (DESIGN §9): `node bench/knowledge.ts [servers] [tools each] [sweeps]`. Catalogue, health
 * and discovery over a real database, the servers in a process of their own.
 */
const [count = 1000, toolsEach = 10, sweeps = 8] = process.argv.slice(2).map(Number);
const actor = { kind: 'system', name: 'bench', address: null } as const;

const light = spawn(
  process.execPath,
  [join(import.meta.dirname, 'light-servers.ts'), String(count), String(toolsEach)],
  {
    stdio: ['pipe', 'pipe', 'inherit'],
  },
);
const lines = createInterface({ input: light.stdout })[Symbol.asyncIterator]();
const readLine = async () => JSON.parse((await lines.next()).value ?? 'null') as unknown;
const ports = (await readLine()) as number[];

const folder = mkdtempSync(join(tmpdir(), 'mcpgw-bench-'));
const store = await openStore({ file: join(folder, 'bench.db'), sealer: createSealer('the secret of the bench') });
const events = new Events();
const log = { warn: console.warn, error: console.error };
const writeServer = () => Promise.resolve();
const discovery = createDiscovery({ store, events, log, writeServer });
const health = createHealth({
  store,
  events,
  log,
  guard: createSystemGuard(() => null),
  publicHost: 'gw.example',
  timeoutMs: () => 5_000,
  cron: '*/30 * * * * *',
  writeServer,
  keepTools: (server, tools) => discovery.keepTools(server, tools),
  hashTools: (tools) => discovery.hashTools(tools),
});
const servers = createServers({
  store,
  events,
  gatewayUrl: 'https://gw.example',
  probe: (target) => health.probe(target),
  record: (server, verdicts) => health.record(server, verdicts),
  appliedStatus: () => ({ applied: 'live', message: null }),
  writeServer,
  refuseUrl: () => Promise.resolve(null),
});

const handles = () => readdirSync('/proc/self/fd').length;
const memory = () => Math.round(process.memoryUsage().rss / 1e6);
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

let began = performance.now();
for (let at = 0; at < count; at += 25)
  await Promise.all(
    ports.slice(at, at + 25).map((port, offset) =>
      servers.register(
        actor,
        serverInput.parse({
          path: `team-${(at + offset) % 20}/server-${at + offset}`,
          url: `http://127.0.0.1:${port}`,
          description: 'A server of the bench',
          tags: ['bench', `team-${(at + offset) % 20}`],
        }),
      ),
    ),
  );
console.log(`register ${count}: ${round((performance.now() - began) / count)} ms each; ${memory()} MB`);

for (let index = 0; index < sweeps; index += 1) {
  const cpu = process.cpuUsage();
  began = performance.now();
  await health.sweep();
  const used = process.cpuUsage(cpu);
  console.log(
    `sweep ${index + 1}: ${Math.round(performance.now() - began)} ms, CPU ${Math.round((used.user + used.system) / 1000)} ms, ${memory()} MB, ${handles()} descriptors`,
  );
}
light.stdin.write('?\n');
console.log('sessions left on the servers:', await readLine());
console.log(`list all ${count}: ${await time(50, () => servers.list({ limit: 1000 }))}`);
console.log(`list 100 of ${count}: ${await time(50, () => servers.list({ limit: 100 }))}`);
console.log(`get one: ${await time(100, (index) => servers.get(`team-${index % 20}/server-${index}`))}`);
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
console.log(`memory at the end: ${memory()} MB, ${handles()} descriptors`);

await health.close();
await discovery.close();
await store.close();
rmSync(folder, { recursive: true });
light.stdin.end();
await once(light, 'exit');
