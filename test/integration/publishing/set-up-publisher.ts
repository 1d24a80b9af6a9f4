import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../../../registry/contract/index.ts';
import { Events } from '../../../registry/lib/events.ts';
import { planGateway } from '../../../registry/publishing/plan/plan-gateway.ts';
import type { PublisherDeps, Timing } from '../../../registry/publishing/publisher-deps.ts';
import type { Render } from '../../../registry/publishing/render/render.ts';
import { createPublisher, type Publisher } from '../../../registry/publishing/publisher.ts';
import { createRunDir } from '../../../registry/publishing/reload/run-dir.ts';
import { createUpstreamRule } from '../../../registry/upstream/index.ts';
import { openStore, type Store } from '../../../registry/store/open-store.ts';
import { createSealer } from '../../../registry/store/seal.ts';
import type { StoredServer } from '../../../registry/store/rows/servers/server-rows.ts';
import { findFreePort } from '../../support/processes/free-ports.ts';
import { waitFor } from '../../support/wait-for.ts';
import { createSmallRender } from './small-render.ts';

const ignore = () => undefined;

export const OPERATOR: Actor = { kind: 'user', name: 'admin', address: null };

export interface PublisherSetupOptions {
  render?: Render;
  lookup?: PublisherDeps['lookup'];
  timing?: Partial<Timing>;
  /** Folder of the data, to start again on that of another setup. */
  dataDir?: string;
  port?: number;
  gateBundle?: string;
  /** Called when a generation was recorded as staged, and before it is recorded as verified. */
  onStep?: (step: 'staged' | 'verified', number: number) => void;
}

/** A publisher over a real store and a real NGINX, in a new folder. */
export interface PublisherSetup {
  dataDir: string;
  runDir: string;
  port: number;
  store: Store;
  events: Events;
  publisher: Publisher;
  drains: boolean[];
  published: number[];
  /** Starts NGINX as the supervisor would; resolves when it responds. */
  startNginx(generation?: number): Promise<ChildProcess>;
  stopNginx(name?: NodeJS.Signals): Promise<void>;
  /** Writes a server into the database and emits the event, as registration does. */
  register(
    path: string,
    url: string,
    more?: Partial<StoredServer>,
  ): Promise<{ server: StoredServer; revision: number }>;
  change(server: StoredServer, more: Partial<StoredServer>): Promise<{ server: StoredServer; revision: number }>;
  /** Body of a GET at the gateway, with its status. */
  get(path: string): Promise<{ status: number; text: string }>;
  /** Closes the registry; NGINX continues. */
  closeRegistry(): Promise<void>;
  close(): Promise<void>;
}

export async function setUpPublisher(options: PublisherSetupOptions = {}): Promise<PublisherSetup> {
  const isOwn = options.dataDir === undefined;
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'mcpgw-publish-'));
  const logDir = join(dataDir, 'logs');
  mkdirSync(logDir, { recursive: true });
  const runDir = createRunDir(dataDir);
  const port = options.port ?? (await findFreePort());
  const store = await openStore({ file: join(dataDir, 'mcpgw.db'), sealer: createSealer('x'.repeat(32)) });
  const events = new Events();
  const drains: boolean[] = [];
  const published: number[] = [];
  events.on('generation.published', ({ number }) => published.push(number));
  const settings = {
    gatewayPort: port,
    tls: null,
    gatewayUrl: `http://127.0.0.1:${port}`,
    allowedHosts: [],
    allowedOrigins: [],
    hstsMaxAgeS: 0,
    acmeWebroot: join(dataDir, 'acme'),
    trustedProxies: [],
    registryHost: '127.0.0.1',
    registryPort: 9,
    maxBodyBytes: 1_000_000,
    connectionsPerAddress: 2_000,
    drainTimeoutS: 600,
    nginxWorkers: 2,
  };
  const publisher = createPublisher({
    store: {
      ...store,
      generations: {
        ...store.generations,
        async add(row) {
          await store.generations.add(row);
          if (row.number > 0) options.onStep?.('staged', row.number);
        },
        async update(number, changes) {
          if (changes.state === 'verified') options.onStep?.('verified', number);
          await store.generations.update(number, changes);
        },
      },
    },
    events,
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    options: {
      dataDir,
      nginxBin: 'nginx',
      nginxModulesDir: undefined,
      caFile: '/etc/ssl/certs/ca-certificates.crt',
      gateway: planGateway(settings, { accessDir: join(dataDir, 'access'), logDir, runDir }),
      errorLogs: [join(logDir, 'error.log')],
      checkAddress: createUpstreamRule({ allow: [], ownPorts: [port], ownAddresses: () => [] }),
      timing: options.timing ?? {},
    },
    render: options.render ?? createSmallRender(),
    gateBundle: options.gateBundle ?? '',
    setDrain: (on) => {
      drains.push(on);
      return Promise.resolve();
    },
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
  });

  let nginx: ChildProcess | undefined;
  let ids = 0;
  let changing = 0;
  async function put(action: 'server.registered' | 'server.changed', server: StoredServer) {
    changing += 1;
    events.emit('servers.changing', { count: changing });
    const { revision } = await store.change(OPERATOR, action, async (tx) => {
      await tx.servers.put({ ...server, headers: {}, revision: tx.revision });
      return { value: null, target: server.path };
    });
    events.emit(action, { serverId: server.id, path: server.path });
    changing -= 1;
    events.emit('servers.changing', { count: changing });
    return { server: { ...server, revision }, revision };
  }

  const setup: PublisherSetup = {
    dataDir,
    runDir,
    port,
    store,
    events,
    publisher,
    drains,
    published,
    async startNginx(generation) {
      // As the run script does when it does not trust `current`.
      if (generation !== undefined) {
        rmSync(join(dataDir, 'current'));
        symlinkSync(join('generations', String(generation)), join(dataDir, 'current'));
      }
      for (const name of ['generation.sock', 'inner.sock']) rmSync(join(runDir, name), { force: true });
      nginx = spawn(
        'nginx',
        ['-p', runDir, '-c', join(dataDir, 'current', 'nginx.conf'), '-e', 'stderr', '-g', 'daemon off;'],
        { cwd: dataDir, stdio: 'ignore' },
      );
      await waitFor('NGINX responds', () => setup.get('/which').catch(() => null));
      return nginx;
    },
    async stopNginx(name = 'SIGTERM') {
      const child = nginx;
      nginx = undefined;
      if (child === undefined || child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const workers = (await publisher.workers()).workers.map(({ pid }) => pid);
      child.kill(name);
      await ended;
      // The supervisor kills the whole group: workers of a killed master would hold the port.
      for (const pid of workers) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          continue;
        }
      }
      await waitFor('workers are gone', () =>
        workers.every(
          (pid) => !existsSync(`/proc/${pid}`) || readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z'),
        ),
      );
    },
    register(path, url, more = {}) {
      const now = new Date().toISOString();
      ids += 1;
      return put('server.registered', {
        id: `s${Date.now().toString(36)}${ids}`,
        path,
        name: path,
        description: '',
        tags: [],
        transport: 'auto',
        enabled: true,
        headerNames: [],
        forwardHeaders: [],
        program: null,
        envNames: [],
        hostMode: 'upstream',
        timeouts: { connectMs: 5_000, readMs: 86_400_000, sendMs: 60_000 },
        license: '',
        stars: 0,
        metadata: {},
        createdAt: now,
        updatedAt: now,
        removedAt: null,
        revision: 0,
        instances: [{ id: 'i1', url, query: '', weight: 1, enabled: true, up: true, endpoints: null, toolsHash: null }],
        ...more,
      });
    },
    change: (server, more) => put('server.changed', { ...server, ...more }),
    async get(path) {
      const reply = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
      return { status: reply.status, text: await reply.text() };
    },
    async closeRegistry() {
      await publisher.close();
      await store.close();
    },
    async close() {
      await publisher.close();
      await setup.stopNginx();
      await store.close().catch(() => undefined);
      if (isOwn) rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return setup;
}
