import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { startEverything } from '../../support/gateway/start-everything.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { buildUi } from './build-ui.ts';
import { BROWSER } from './open-browser.ts';

/** What every file of browser tests uses together; a gateway, a server and a browser of its own would cost each file seconds. */
export interface SharedParts {
  gateway: Pick<Gateway, 'url' | 'registryUrl' | 'dataDir' | 'logDir' | 'env'>;
  /** URL of a real MCP server (server-everything). */
  everything: string;
  /** WebSocket of the browser. */
  browser: string;
  /** Settings of the gateway as it starts. */
  settings: Record<string, unknown>;
}

declare module 'vitest' {
  interface ProvidedContext {
    shared: SharedParts;
  }
}

/** Starts a real gateway (registry and NGINX), an MCP server and a browser once for all files; returns what stops them. */
export default async function startShared(project: TestProject): Promise<() => Promise<void>> {
  buildUi();
  const started: { close: () => Promise<void> }[] = [];
  const closeAll = async (): Promise<void> => {
    for (const one of started.splice(0).reverse()) await one.close();
  };
  try {
    const gateway = await startGateway({ supervised: false });
    started.push(gateway);
    const server = await startEverything();
    started.push(server);
    const browser = await chromium.launchServer(BROWSER);
    started.push(browser);
    const { url, registryUrl, dataDir, logDir, env, admin } = gateway;
    const { healthCron, healthTimeoutMs } = await admin.must('GET', '/api/settings');
    project.provide('shared', {
      gateway: { url, registryUrl, dataDir, logDir, env },
      everything: server.url,
      browser: browser.wsEndpoint(),
      settings: { healthCron, healthTimeoutMs },
    });
  } catch (error) {
    await closeAll();
    throw error;
  }
  return closeAll;
}
