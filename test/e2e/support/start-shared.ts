import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { startEverything } from '../../support/gateway/start-everything.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { buildUi } from './build-ui.ts';
import { BROWSER } from './open-browser.ts';

/** The number of files that run at once, as in vitest.config.ts. */
const WORKERS = 2;

/** Shared by the files of browser tests; a separate gateway, server and browser would cost each file seconds. */
export interface SharedParts {
  /** One for each worker, whose files run one after another. */
  gateways: Pick<Gateway, 'url' | 'registryUrl' | 'dataDir' | 'logDir' | 'env'>[];
  /** URL of a real MCP server (server-everything). */
  everything: string;
  /** WebSocket of the browser. */
  browser: string;
  /** Settings of a gateway as it starts. */
  settings: Record<string, unknown>;
}

declare module 'vitest' {
  interface ProvidedContext {
    shared: SharedParts;
  }
}

/** Starts real gateways (registry and NGINX), an MCP server and a browser once for all files; returns what stops them. */
export default async function startShared(project: TestProject): Promise<() => Promise<void>> {
  buildUi();
  const started: { close: () => Promise<void> }[] = [];
  const closeAll = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) await part.close();
  };
  try {
    const starting = Array.from({ length: WORKERS }, () => startGateway({ supervised: false }));
    const settled = await Promise.allSettled(starting);
    started.push(...settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
    const gateways = await Promise.all(starting);
    const server = await startEverything();
    started.push(server);
    const browser = await chromium.launchServer(BROWSER);
    started.push(browser);
    const [first] = gateways;
    if (first === undefined) throw new Error('no gateway was started');
    const { healthCron, healthTimeoutMs } = await first.admin.must('GET', '/api/settings');
    project.provide('shared', {
      gateways: gateways.map(({ url, registryUrl, dataDir, logDir, env }) => ({
        url,
        registryUrl,
        dataDir,
        logDir,
        env,
      })),
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
