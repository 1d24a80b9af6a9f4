import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { createAccess } from './access/index.ts';
import { createActivity } from './activity/index.ts';
import { MANAGEMENT_PATH, serverInput, type Actor } from './contract/index.ts';
import { createToolPolicy, createTools } from './tools/index.ts';
import { describeError } from './errors.ts';
import { Events } from './events.ts';
import { writeFirstLogin } from './first-login.ts';
import { createHealth } from './health/index.ts';
import { createApp, createUpgradeAuth, listen } from './http/index.ts';
import { createLive, readLiveServers } from './live/index.ts';
import { type Settings, openLiveSettings } from './settings/index.ts';
import {
  createPublisher,
  createRender,
  loadGate,
  loadTemplates,
  lookupSystem,
  createPublisherOptions,
  createSettingsUpstreamRule,
  readMaster,
} from './publishing/index.ts';
import { refuseUrl } from './refuse-url.ts';
import { createServers } from './servers/index.ts';
import { createSealer, openStore } from './store/index.ts';

const SYSTEM: Actor = { kind: 'system', name: 'mcpgw', address: null };
/** The checkout: registry/ is one level below it, and so is dist/, where the built program is. */
const ROOT = join(import.meta.dirname, '..');
const { version } = packageJson;

/** A registry that runs. */
export interface Registry {
  /** Where its own HTTP server listens, for example `http://127.0.0.1:7860`. */
  url: string;
  /** Ends everything; NGINX serves on. */
  close(): Promise<void>;
}

/**
 * Wires every part of the control plane and starts it: the one place that knows all of them. Tests start the same one.
 * Throws RegistryError with the remedy when the database, the port or NGINX cannot be had.
 */
export async function startRegistry(settings: Settings, log: Logger): Promise<Registry> {
  const { dataDir, gatewayUrl, secretKey, managementPort } = settings;
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const end of closers.splice(0).reverse())
      await Promise.resolve(end()).catch((error: unknown) => log.error({ error: describeError(error) }, 'closing'));
  };

  try {
    const events = new Events();
    const store = await openStore({ file: settings.databaseFile, sealer: createSealer(secretKey) });
    closers.push(() => store.close());

    // The management server stands behind the gateway like any other; only its port may not be registered a second time.
    const trusting = { ...settings, upstreamAllow: [...settings.upstreamAllow, `127.0.0.1:${managementPort}`] };
    const publishing = createPublisherOptions(trusting);
    const guard = { resolve: lookupSystem, refuse: publishing.checkAddress };
    const refuseRegistered = createSettingsUpstreamRule(settings);

    const toolPolicy = createToolPolicy(store);
    const access = createAccess({
      store,
      events,
      accessDir: publishing.gateway.accessDir,
      secretKey,
      log,
      allowedTools: (serverId) => toolPolicy.allowedTools(serverId),
    });
    closers.push(() => access.close());
    const admin = { username: settings.adminUser, password: settings.adminPassword };
    await access.bootstrap(admin, (login) => {
      log.info({ file: writeFirstLogin(dataDir, login) }, 'first start: the login is in this file, once');
    });

    const tools = createTools({ store, events, log, accessFiles: access.files });
    closers.push(() => tools.close());
    const { healthCron: cron, healthTimeoutMs: timeoutMs } = settings;
    const health = createHealth(
      {
        store,
        events,
        log,
        guard,
        tools,
        accessFiles: access.files,
        publicHost: new URL(gatewayUrl).host,
        ca: existsSync(settings.caFile) ? readFileSync(settings.caFile, 'utf8') : undefined,
      },
      { cron, timeoutMs },
    );
    closers.push(() => health.close());

    const publisher = createPublisher({
      store,
      events,
      logger: log,
      render: createRender(loadTemplates()),
      gateBundle: loadGate(ROOT),
      setDrain: (on) => access.files.setDrain(on),
      options: publishing,
    });

    const servers = createServers({
      store,
      events,
      gatewayUrl,
      probe: (target) => health.probe(target),
      record: (server, verdicts) => health.record(server, verdicts),
      configurationStatus: (server) => publisher.configurationStatus(server),
      writeServer: (id) => access.files.writeServer(id),
      refuseUrl: (url) => refuseUrl(url, lookupSystem, refuseRegistered),
    });

    const activity = createActivity({
      store,
      events,
      logDir: settings.logDir,
      log,
      reopenLog: () => reopenLogs(publishing.gateway.runDir),
    });
    closers.push(() => activity.close());

    const liveSettings = await openLiveSettings({
      store,
      events,
      defaults: { healthCron: cron, healthTimeoutMs: timeoutMs },
      fixed: { gatewayUrl, version },
      apply(values) {
        health.setCron(values.healthCron);
        health.setTimeoutMs(values.healthTimeoutMs);
      },
    });

    const parts = {
      store,
      access,
      events,
      servers,
      tools,
      stats: activity,
      health,
      publishing: publisher,
      settings: liveSettings,
      secretKey,
      gatewayUrl,
      uiDir: join(ROOT, 'ui/dist'),
      version,
      log,
    };
    await access.files.sync();
    if ((await store.servers.byPath(MANAGEMENT_PATH)) === undefined)
      await servers.register(SYSTEM, managementServer(managementPort), { builtIn: true });

    const listening = await listen(createApp(parts), { host: settings.registryHost, port: settings.registryPort });
    closers.push(() => listening.close());
    const live = createLive({
      events,
      log,
      ...createUpgradeAuth(parts),
      source: {
        servers: (ids) => readLiveServers(servers, ids),
        async generation() {
          const current = await publisher.current();
          return current && { number: current.number, revision: current.revision, rejected: current.rejected };
        },
        stats: () => activity.totals('hour'),
      },
    });
    closers.push(() => live.close());
    listening.server.on('upgrade', (request, socket, head) => live.upgrade(request, socket, head));

    await publisher.start();
    closers.push(() => publisher.close());
    health.start();
    activity.start();
    log.info({ url: listening.url }, 'the registry listens');
    return { url: listening.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** NGINX opens its log files anew at SIGUSR1 (nginx.org/en/docs/control.html). */
async function reopenLogs(runDir: string): Promise<void> {
  const master = await readMaster(runDir);
  if (master !== null) process.kill(master, 'SIGUSR1');
}

function managementServer(port: number) {
  return serverInput.parse({
    path: MANAGEMENT_PATH,
    name: 'mcpgw',
    description:
      'Manages this gateway over MCP: register, change, watch and search servers with the rights of the caller’s key.',
    tags: ['management'],
    url: `http://127.0.0.1:${port}/mcp`,
    transport: 'streamable-http',
  });
}
