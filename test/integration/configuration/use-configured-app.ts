import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { ConfigInput, ConfigPlan, ConfigStatus } from '../../../registry/contract/index.ts';
import { startEcho } from '../../fixtures/backends/compliant/echo.ts';
import { signIn, type AdminClient } from '../../support/gateway/admin-client.ts';
import { createDataDir, PASSWORD, startApp, type Started } from '../http/start-app.ts';

type Refusable = ConfigPlan & { applied: boolean; detail?: string; errors?: { field: string; message: string }[] };

/**
 * Starts the registry with a fake publisher in place of NGINX before the tests of a file, and an MCP server to be configured.
 * test/integration/docs runs configurations against whole gateways.
 */
export function useConfiguredApp() {
  const { dataDir, remove } = createDataDir();
  let echo: Awaited<ReturnType<typeof startEcho>>;
  const on = {
    app: {} as Started,
    admin: {} as AdminClient,
    dataDir,
    /** The configuration file of the gateway. */
    file: join(dataDir, 'mcpgw.config.yaml'),
    url: '',
    apply: (document: ConfigInput, more: object = {}) =>
      on.admin.ask<Refusable>('POST', '/api/config/apply', { document, source: 'test', ...more }),
    plan: (document: ConfigInput) =>
      on.admin.must<ConfigPlan>('POST', '/api/config/plan', { document, source: 'test' }),
    status: () => on.admin.must<ConfigStatus>('GET', '/api/config'),
    revision: () => on.app.store.meta.revision(),
    paths: async () => (await on.app.servers.all()).map(({ path }) => path),
    /** A server for a document, with the URL of the MCP server. */
    server: (more: object = {}) => ({ url: on.url, headers: { Authorization: 'Bearer very-secret' }, ...more }),
  };
  beforeAll(async () => {
    mkdirSync(dataDir, { recursive: true });
    echo = await startEcho();
    on.url = echo.url;
    on.app = await startApp(dataDir);
    on.admin = await signIn(on.app.url, 'admin', PASSWORD);
  });
  afterAll(async () => {
    await on.app.close();
    await echo.close();
    remove();
  });
  return on;
}
