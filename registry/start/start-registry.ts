import type { RequestListener } from 'node:http';
import { MANAGEMENT_HOST } from '../contract/index.ts';
import type { Log } from '../lib/log.ts';
import { writeFirstLogin } from './write-first-login.ts';
import { createApp } from '../http/index.ts';
import { wireCallShipper } from './wire-calls.ts';
import { listenEarly } from './listen-early.ts';
import { registerManagementServer } from '../servers/index.ts';
import type { Settings } from '../settings/index.ts';
import { wire, type Wired } from '../wire.ts';

/** A running registry. */
export interface Registry {
  /** Where its own HTTP server listens, for example `http://127.0.0.1:7860`. */
  url: string;
  /** Ends everything; NGINX keeps serving. */
  close(): Promise<void>;
}

async function prepareData({ access, bridge, servers }: Wired, settings: Settings, log: Log): Promise<void> {
  const admin = { username: settings.adminUser, password: settings.adminPassword };
  await access.bootstrap(admin, (login) => {
    log.info({ file: writeFirstLogin(settings.dataDir, login) }, 'first start: the login is in this file, once');
  });
  await access.files.sync();
  await bridge.files.sync();
  await registerManagementServer(servers, `http://${MANAGEMENT_HOST}/mcp`);
}

/** Starts a registry. Throws RegistryError with the remedy when the database, the port or NGINX cannot be used. */
export async function startRegistry(given: Settings, log: Log): Promise<Registry> {
  const app = Promise.withResolvers<RequestListener>();
  const listening = await listenEarly(given, (request, response) => {
    void app.promise.then((handle) => handle(request, response));
  });
  let wired: Wired | undefined;
  const callShipper = wireCallShipper(given, log);
  const close = async () => {
    // Open WebSockets would keep the HTTP server from closing.
    await wired?.live.close();
    await listening.close();
    await callShipper?.close();
    await wired?.close();
  };
  try {
    const settings = { ...given, registryPort: listening.port };
    wired = await wire(settings, log);
    await prepareData(wired, settings, log);
    const { appDeps, live, publisher, health, activity, calls, configuration, gateway } = wired;
    app.resolve(createApp(appDeps));
    const { server, url } = listening;
    server.on('upgrade', (request, socket, head) => live.upgrade(request, socket, head));
    // Before the first publish, which then contains all of it.
    await configuration.start();
    await publisher.start();
    health.start();
    activity.start();
    calls?.start();
    callShipper?.start();
    configuration.watch();
    gateway.start();
    wired.bridge.catalogue.start();
    log.info({ url }, 'the registry listens');
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
