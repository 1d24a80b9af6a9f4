import type { Log } from './log.ts';
import { writeFirstLogin } from './first-login.ts';
import { createApp, listen } from './http/index.ts';
import { registerManagementServer } from './servers/index.ts';
import type { Settings } from './settings/index.ts';
import { wire, type Wired } from './wire.ts';

/** A running registry. */
export interface Registry {
  /** Where its own HTTP server listens, for example `http://127.0.0.1:7860`. */
  url: string;
  /** Ends everything; NGINX keeps serving. */
  close(): Promise<void>;
}

async function prepareData({ access, servers }: Wired, settings: Settings, log: Log): Promise<void> {
  const admin = { username: settings.adminUser, password: settings.adminPassword };
  await access.bootstrap(admin, (login) => {
    log.info({ file: writeFirstLogin(settings.dataDir, login) }, 'first start: the login is in this file, once');
  });
  await access.files.sync();
  await registerManagementServer(servers, `http://127.0.0.1:${settings.managementPort}/mcp`);
}

/** Starts a registry. Throws RegistryError with the remedy when the database, the port or NGINX cannot be used. */
export async function startRegistry(settings: Settings, log: Log): Promise<Registry> {
  const wired = await wire(settings, log);
  let listening: Awaited<ReturnType<typeof listen>> | undefined;
  const close = async () => {
    // Open WebSockets would keep the HTTP server from closing.
    await wired.live.close();
    await listening?.close();
    await wired.close();
  };
  try {
    await prepareData(wired, settings, log);
    const at = { host: settings.registryHost, port: settings.registryPort };
    listening = await listen(createApp(wired.appDeps), at);
    const { server, url } = listening;
    server.on('upgrade', (request, socket, head) => wired.live.upgrade(request, socket, head));
    await wired.publisher.start();
    wired.health.start();
    wired.activity.start();
    log.info({ url }, 'the registry listens');
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
