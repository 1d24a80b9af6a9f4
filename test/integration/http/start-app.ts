import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccess } from '../../../registry/access/create-access.ts';
import type {
  GenerationView,
  HealthHistory,
  ProbeResult,
  SettingsView,
  StatsView,
  ToolsView,
} from '../../../registry/contract/index.ts';
import { RegistryError } from '../../../registry/errors.ts';
import { Events } from '../../../registry/events.ts';
import { NOTHING_FOUND } from '../../../registry/health/probe/probe-options.ts';
import { createApp } from '../../../registry/http/create-app.ts';
import { listen } from '../../../registry/http/framework/listen.ts';
import type { AppDeps, PublishingPart } from '../../../registry/http/app-deps.ts';
import type { Log } from '../../../registry/log.ts';
import { createServers } from '../../../registry/servers/create-servers.ts';
import { openStore } from '../../../registry/store/open-store.ts';
import { createSealer } from '../../../registry/store/seal.ts';

export const SECRET_KEY = 'a secret key of the tests, 32 characters and more';
export const PASSWORD = 'the first password';
const quiet: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A folder for one test; what it is called in DESIGN §8 is DATA_DIR. */
export function makeDataDir(): { dataDir: string; remove: () => void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'mcpgw-http-'));
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}

const NOBODY_THERE: ProbeResult = {
  ...NOTHING_FOUND,
  health: 'unhealthy',
  problem: 'connection refused',
  remedy: 'start it',
};

const NEVER_CHECKED: HealthHistory = {
  health: 'unknown',
  instances: [],
  uptime: null,
  checks: [],
  latency: { p50Ms: null, p95Ms: null, p99Ms: null },
};
const NO_TOOLS: ToolsView = {
  server: 'weather',
  snapshot: null,
  takenAt: null,
  toolLock: null,
  tools: [],
  malformed: [],
};
const NO_CALLS: StatsView = {
  range: 'hour',
  server: null,
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-01T01:00:00.000Z',
  totals: { requests: 0, calls: 0, errors: 0, refused: 0, lastCallAt: null, p50Ms: null, p95Ms: null },
  stepS: 60,
  points: [],
  tools: [],
  servers: [],
  agents: [],
  brokenLines: 0,
};

// The data plane is another room and has its own tests with a real NGINX: here it only says what the API must pass on.
export function pretendPublishing(): PublishingPart & { outcome: Awaited<ReturnType<PublishingPart['whenLive']>> } {
  const generation: GenerationView = {
    number: 3,
    state: 'proven',
    current: true,
    revision: 1,
    servers: 0,
    rejected: [],
    cause: 'start',
    error: null,
    nginxOutput: '',
    createdAt: new Date().toISOString(),
    provenAt: new Date().toISOString(),
    tookMs: 5,
  };
  const diff = { from: 2, to: 3, changed: false, files: [], rejected: [] };
  const find = (number: number) => {
    if (number === 3) return generation;
    throw new RegistryError('not_found', `there is no generation ${number}`);
  };
  return {
    outcome: { applied: true, generation: 3, error: null },
    async whenLive() {
      return this.outcome;
    },
    progress: () => ({ hasEndedOnce: true, problem: null }),
    current: async () => generation,
    list: async ({ beforeNumber }) => (beforeNumber === undefined || beforeNumber > 3 ? [generation] : []),
    detail: async (number) => ({ ...find(number), files: { 'nginx.conf': '# nothing' } }),
    diff: async () => diff,
    preview: async () => diff,
    rollback: async (_actor, number) => find(number),
    workers: async () => ({
      current: 3,
      draining: 0,
      workers: [{ pid: 7, generation: 3, draining: false, sinceMs: null }],
    }),
    config: async (path) => ({ path, generation: 3, text: '' }),
  };
}

/** Store, access, catalogue and HTTP app over one data folder, as registry.ts wires them, on a free port. */
export async function startApp(
  dataDir: string,
  more: Partial<AppDeps> = {},
  admin: { password: string | undefined } = { password: PASSWORD },
) {
  const events = new Events();
  const store = await openStore({ file: join(dataDir, 'mcpgw.db'), sealer: createSealer(SECRET_KEY) });
  const access = createAccess({
    store,
    events,
    accessDir: join(dataDir, 'access'),
    secretKey: SECRET_KEY,
    log: quiet,
    bcryptCost: 4,
    retryMs: 20,
  });
  const sync = await access.files.sync();
  const first = await access.bootstrap({ username: 'admin', ...admin });
  const servers = createServers({
    store,
    events,
    gatewayUrl: 'http://localhost:8080',
    probe: async () => NOBODY_THERE,
    record: async () => undefined,
    configurationStatus: () => ({ configuration: 'live', message: null }),
    writeServer: access.files.writeServer,
    refuseUrl: async () => null,
  });
  const publishing = pretendPublishing();
  const settings: SettingsView = {
    healthCron: '*/30 * * * * *',
    healthTimeoutMs: 5000,
    gatewayUrl: 'http://localhost:8080',
    version: '0',
    revision: 1,
  };
  const deps: AppDeps = {
    store,
    access,
    events,
    servers,
    publishing,
    health: { probe: async () => NOBODY_THERE, refresh: async () => NOBODY_THERE, history: async () => NEVER_CHECKED },
    tools: {
      tools: async () => NO_TOOLS,
      changes: async () => [],
      setLock: async () => NO_TOOLS,
      approve: async () => NO_TOOLS,
      search: async () => [],
    },
    stats: { stats: async () => NO_CALLS },
    settings: { view: async () => settings, change: async () => settings },
    secretKey: SECRET_KEY,
    gatewayUrl: 'http://localhost:8080',
    version: '0.1.0',
    log: quiet,
    ...more,
  };
  const app = createApp(deps);
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  return {
    url: listening.url,
    server: listening.server,
    app,
    store,
    access,
    publishing,
    deps,
    first,
    sync,
    async close() {
      await listening.close(0);
      access.close();
      await store.close();
    },
  };
}
export type Started = Awaited<ReturnType<typeof startApp>>;
