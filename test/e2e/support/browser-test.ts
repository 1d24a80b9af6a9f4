import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { startEverything } from '../../support/start-everything.ts';
import { startGateway, type Gateway, type GatewayOptions } from '../../support/start-gateway.ts';
import { buildUi } from './build-ui.ts';
import { logIn } from './log-in.ts';
import { openPage, startBrowser, type OpenPage } from './open-browser.ts';

export interface Stage {
  gateway: Gateway;
  browser: Browser;
  /** URL of a real MCP server (server-everything). */
  everything: string;
  /** A new page, watched for problems; closed after the test, which fails if there were any. */
  open: (options?: Parameters<typeof openPage>[1]) => Promise<OpenPage>;
  /** The same, logged in as the administrator at `path`. */
  enter: (path?: string, options?: Parameters<typeof openPage>[1]) => Promise<OpenPage['page']>;
}

/** What every test of the UI stands on: a real gateway (registry and NGINX), a real MCP server, a real browser. */
export function setStage(options: GatewayOptions = { supervised: false }): Stage {
  const stage = {} as Stage;
  const opened: OpenPage[] = [];
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    buildUi();
    stage.gateway = await startGateway(options);
    ends.push(() => stage.gateway.close());
    const server = await startEverything();
    ends.push(() => server.close());
    stage.everything = server.url;
    stage.browser = await startBrowser();
    ends.push(() => stage.browser.close());
  });
  stage.open = async (more) => {
    const page = await openPage(stage.browser, more);
    opened.push(page);
    return page;
  };
  stage.enter = async (path = '/', more = {}) => {
    const { page } = await stage.open(more);
    await logIn(page, stage.gateway, { path });
    return page;
  };
  afterEach(async () => {
    const problems = opened.flatMap((one) => one.problems);
    for (const { context } of opened.splice(0)) await context.close();
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });
  return stage;
}
