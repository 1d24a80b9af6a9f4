import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { startEverything } from '../../support/gateway/start-everything.ts';
import { startGateway, type Gateway, type GatewayOptions } from '../../support/gateway/start-gateway.ts';
import { buildUi } from './build-ui.ts';
import { logIn } from './log-in.ts';
import { openPage, startBrowser, type OpenPage } from './open-browser.ts';

export interface BrowserTest {
  gateway: Gateway;
  browser: Browser;
  /** URL of a real MCP server (server-everything). */
  everything: string;
  /** Opens a page and records problems; it is closed after the test, which fails if there were any. */
  openPage: (options?: Parameters<typeof openPage>[1]) => Promise<OpenPage>;
  /** Opens a page at `path`, logged in as the administrator. */
  openLoggedIn: (path?: string, options?: Parameters<typeof openPage>[1]) => Promise<OpenPage['page']>;
}

/** Starts a real gateway (registry and NGINX), MCP server and browser for the tests of a file. */
export function setUpBrowserTest(options: GatewayOptions = { supervised: false }): BrowserTest {
  const ui = {} as BrowserTest;
  const opened: OpenPage[] = [];
  const cleanups: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    buildUi();
    ui.gateway = await startGateway(options);
    cleanups.push(() => ui.gateway.close());
    const server = await startEverything();
    cleanups.push(() => server.close());
    ui.everything = server.url;
    ui.browser = await startBrowser();
    cleanups.push(() => ui.browser.close());
  });
  ui.openPage = async (more) => {
    const page = await openPage(ui.browser, more);
    opened.push(page);
    return page;
  };
  ui.openLoggedIn = async (path = '/', more = {}) => {
    const { page } = await ui.openPage(more);
    await logIn(page, ui.gateway, { path });
    return page;
  };
  afterEach(async () => {
    const problems = opened.flatMap((one) => one.problems);
    for (const { context } of opened.splice(0)) await context.close();
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });
  return ui;
}
