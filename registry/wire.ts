import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAccess } from './access/index.ts';
import { createActivity } from './activity/index.ts';
import { createBridge } from './bridge/index.ts';
import { agentLimits, countServers, MANAGEMENT_HOST } from './contract/index.ts';
import { describeError } from './lib/errors.ts';
import { Events } from './lib/events.ts';
import { createHealth } from './health/index.ts';
import { createUpgradeAuth, type AppDeps } from './http/index.ts';
import { createLive, createLiveSource } from './live/index.ts';
import { writeRegistryUrl } from './start/listen-early.ts';
import type { Log } from './lib/log.ts';
import { compileDescription, createDescriptionReader } from './openapi/index.ts';
import {
  BRIDGE_SOCKET,
  createCounterReader,
  createPublisher,
  createPublisherOptions,
  upstreamRule,
  createRender,
  loadGate,
  loadTemplates,
  MANAGEMENT_SOCKET,
  reopenLogs,
} from './publishing/index.ts';
import { createServers, explainBackendUrl } from './servers/index.ts';
import { openLiveSettings, type Settings } from './settings/index.ts';
import { createSealer, openStore } from './store/index.ts';
import { lookupSystem } from './upstream/index.ts';
import { createToolPolicy, createTools } from './tools/index.ts';
import { VERSION } from './lib/version.ts';
import { wireCalls } from './start/wire-calls.ts';
import { wireConfiguration } from './start/wire-configuration.ts';
import { wireExecute, wireGatewayStatus } from './start/wire-gateway.ts';
import type { Overrides, Wired } from './start/wired.ts';

export type { Overrides, Wired } from './start/wired.ts';

/** The checkout: registry/ is one level below it, and so is dist/, where the built program is. */
const ROOT = join(import.meta.dirname, '..');

/** Creates every feature and connects them. Nothing listens or runs by itself yet. Throws RegistryError with the remedy. */
export async function wire(settings: Settings, log: Log, overrides: Overrides = {}): Promise<Wired> {
  const { gatewayUrl, secretKey } = settings;
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const end of closers.splice(0).reverse())
      await Promise.resolve(end()).catch((error: unknown) => log.error({ error: describeError(error) }, 'closing'));
  };
  try {
    const events = new Events();
    const store = await openStore({ file: settings.databaseFile, sealer: createSealer(secretKey) });
    closers.push(() => store.close());

    const publishing = createPublisherOptions(settings);
    const { runDir } = publishing.gateway;
    writeRegistryUrl(runDir, `http://${publishing.gateway.registry}`);

    const toolPolicy = createToolPolicy(store);
    const access = createAccess({
      store,
      events,
      log,
      secretKey,
      accessDir: publishing.gateway.accessDir,
      hasMeta: settings.hasMeta,
      toolFacts: async (serverId) => ({
        allowed: await toolPolicy.approvedTools(serverId),
        readOnly: await toolPolicy.readOnlyTools(serverId),
      }),
      readCounters: createCounterReader(runDir),
      ...overrides.access,
    });
    closers.push(() => access.close());

    const bridge = createBridge({
      ...{ store, events, log },
      folder: join(settings.dataDir, 'bridge'),
      socket: join(runDir, BRIDGE_SOCKET),
      allowsPrograms: settings.allowsPrograms,
      upstream: { ...upstreamRule(settings), caFile: existsSync(settings.caFile) ? settings.caFile : null },
      compileDescription,
    });
    closers.push(() => bridge.close());
    const accessFiles = {
      // The gate first: a restriction of access takes effect even when the bridge's file cannot be written.
      async writeServer(id: string) {
        await access.files.writeServer(id);
        await bridge.files.writeServer(id);
      },
      isOverdue: (of: { server: string }) => access.files.isOverdue(of),
    };

    const tools = createTools({ store, events, log, accessFiles: access.files });
    closers.push(() => tools.close());

    const { healthCron, healthTimeoutMs, caFile } = settings;
    const ca = existsSync(caFile) ? readFileSync(caFile, 'utf8') : undefined;
    const guard = { resolve: lookupSystem, checkAddress: publishing.checkAddress };
    const readDescription = createDescriptionReader({ guard, ca });
    const health = createHealth(
      {
        store,
        events,
        log,
        guard: {
          ...guard,
          socketOf: (host) => (host === MANAGEMENT_HOST ? join(runDir, MANAGEMENT_SOCKET) : null),
        },
        tools,
        accessFiles: access.files,
        bridge,
        publicHost: new URL(gatewayUrl).host,
        ca,
        timing: overrides.health,
      },
      { cron: healthCron, timeoutMs: healthTimeoutMs },
    );
    closers.push(() => health.close());

    const publisher =
      overrides.publisher ??
      createPublisher({
        store,
        events,
        logger: log,
        render: createRender(loadTemplates()),
        gateBundle: loadGate(ROOT),
        setDrain: access.files.setDrain,
        options: publishing,
      });
    closers.push(() => publisher.close());

    const servers = createServers({
      store,
      events,
      gatewayUrl,
      health,
      publisher,
      accessFiles,
      allowsPrograms: settings.allowsPrograms,
      async readDescription(source) {
        const { document, view, api } = await readDescription(source);
        return { document, view, serverUrl: api.serverUrl };
      },
      explainUrl: (url) => explainBackendUrl(url, lookupSystem, publishing.checkAddress),
    });

    const activity = createActivity({
      store,
      events,
      log,
      logDir: settings.logDir,
      reopenLog: () => reopenLogs(runDir),
      countServers: async () => countServers(await servers.list({ limit: Infinity })),
    });
    closers.push(() => activity.close());
    const calls = wireCalls(settings, log);
    closers.push(() => calls?.close());

    const liveSettings = await openLiveSettings({
      store,
      events,
      defaults: { healthCron, healthTimeoutMs, agentLimits: agentLimits.parse({}) },
      fixed: { gatewayUrl, version: VERSION },
      apply(values) {
        health.setCron(values.healthCron);
        health.setTimeoutMs(values.healthTimeoutMs);
        access.setDefaultLimits(values.agentLimits);
      },
    });

    const configuration = wireConfiguration({ settings, liveSettings, store, events, log, servers, access, health });
    closers.push(() => configuration.close());

    const execute = wireExecute(settings, servers);
    closers.push(() => execute.close());

    const gateway = wireGatewayStatus(settings, runDir, {
      ...{ publisher, liveSettings, access, configuration, events, log },
    });
    closers.push(() => gateway.close());

    const appDeps: AppDeps = {
      configuration,
      execute,
      ...{
        store,
        events,
        access,
        bridge,
        servers,
        health,
        tools,
        publisher,
        activity,
        calls,
        settings: liveSettings,
        gateway,
      },
      ...{ secretKey, gatewayUrl, uiDir: join(ROOT, 'ui/dist'), version: VERSION, log },
    };
    const live = createLive({
      events,
      log,
      ...createUpgradeAuth(appDeps),
      source: createLiveSource({ servers, publisher, activity }),
      followCalls: calls === null ? undefined : (listener) => calls.follow(listener),
      ...overrides.live,
    });
    closers.push(() => live.close());

    return {
      ...{
        events,
        store,
        access,
        bridge,
        tools,
        health,
        publisher,
        servers,
        activity,
        calls,
        configuration,
        settings: liveSettings,
        gateway,
        live,
      },
      ...{ appDeps, close },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
