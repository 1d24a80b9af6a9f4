import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../../registry/http/create-app.ts';
import type { AppDeps } from '../../../registry/http/app-deps.ts';
import { listen } from '../../../registry/http/framework/listen.ts';
import { silentLog } from '../../support/registry/silent-log.ts';
import { readSettings } from '../../../registry/settings/settings.ts';
import { wire, type Overrides } from '../../../registry/wire.ts';
import { createFakePublisher } from '../../support/registry/fake-publisher.ts';

const SECRET_KEY = 'a secret key of the tests, 32 characters and more';
export const PASSWORD = 'the first password';

/** A folder for the data of one test. */
export function createDataDir(): { dataDir: string; remove: () => void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'mcpgw-http-'));
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}

interface StartOptions {
  /** Replaces dependencies of the HTTP app. */
  deps?: Partial<AppDeps>;
  live?: Overrides['live'];
  /** Undefined: generated at the first start. */
  adminPassword?: string | undefined;
  /** Settings in addition to those of every test. */
  env?: Record<string, string>;
}

/** The registry over one data folder, on a free port, with all features except publishing to NGINX and schedules. */
export async function startApp(dataDir: string, options: StartOptions = {}) {
  const { deps = {}, live = {}, env = {} } = options;
  const password = 'adminPassword' in options ? options.adminPassword : PASSWORD;
  const base = { DATA_DIR: dataDir, SECRET_KEY, GATEWAY_URL: 'http://localhost:8080' };
  const settings = readSettings({ ...base, ...env }, dataDir);
  const publisher = createFakePublisher();
  const wired = await wire(settings, silentLog, { publisher, access: { bcryptCost: 4, retryMs: 20 }, live });
  try {
    const { access } = wired;
    const sync = await access.files.sync();
    const first = await access.bootstrap({ username: 'admin', password });
    const appDeps: AppDeps = { ...wired.appDeps, ...deps };
    const app = createApp(appDeps);
    const listening = await listen(app, { host: '127.0.0.1', port: 0 });
    listening.server.on('upgrade', (request, socket, head) => wired.live.upgrade(request, socket, head));
    return {
      ...wired,
      ...{ url: listening.url, server: listening.server, app, publisher, deps: appDeps, first, sync },
      async close() {
        await wired.live.close();
        await listening.close(0);
        await wired.close();
      },
    };
  } catch (error) {
    await wired.close();
    throw error;
  }
}
export type Started = Awaited<ReturnType<typeof startApp>>;
