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
import { createSystemGuard } from '../registry/health/upstream-guard.ts';
import { createServers } from '../registry/servers/create-servers.ts';
import { openStore } from '../registry/store/open-store.ts';
import { createSealer } from '../registry/store/seal.ts';

const actor = { kind: 'system', name: 'bench', address: null } as const;

/** Catalogue, health and discovery over a real database, with `count` light servers of `toolsEach` tools in a process of their own. */
export async function openKnowledge(count: number, toolsEach: number) {
  const light = spawn(
    process.execPath,
    [join(import.meta.dirname, 'light-servers.ts'), String(count), String(toolsEach)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
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
  return {
    ports,
    discovery,
    health,
    servers,
    register: (path: string, port: number, tags: string[] = []) =>
      servers.register(
        actor,
        serverInput.parse({ path, url: `http://127.0.0.1:${port}`, description: 'A server of the bench', tags }),
      ),
    remove: (path: string) => servers.remove(actor, path),
    /** Sessions that are open on the servers. */
    countSessions: async (): Promise<number> => {
      light.stdin.write('?\n');
      return ((await readLine()) as { sessions: number }).sessions;
    },
    close: async (): Promise<void> => {
      await health.close();
      await discovery.close();
      await store.close();
      rmSync(folder, { recursive: true });
      light.stdin.end();
      await once(light, 'exit');
    },
  };
}

/** Open descriptors of this process. */
export const countDescriptors = (): number => readdirSync('/proc/self/fd').length;
/** Resident memory of this process in MB. */
export const residentMb = (): number => Math.round(process.memoryUsage().rss / 1e6);
