import { chromium, type Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { signIn } from '../../support/gateway/admin-client.ts';
import { operateAs, startGateway, type Gateway, type GatewayOptions } from '../../support/gateway/start-gateway.ts';
import { emptyGateway } from './empty-gateway.ts';
import { openPage, type OpenPage } from './open-browser.ts';

export interface BrowserTest {
  gateway: Omit<Gateway, 'program' | 'close'>;
  browser: Browser;
  /** URL of a real MCP server (server-everything). */
  everything: string;
  /** Opens a page and records problems; it is closed after the test, which fails if there were any. */
  openPage: (options?: Parameters<typeof openPage>[1]) => Promise<OpenPage>;
  /** Opens a page at `path`, logged in as the administrator, with the session that `gateway.admin` has. */
  openLoggedIn: (path?: string, options?: Parameters<typeof openPage>[1]) => Promise<OpenPage['page']>;
}

/**
 * Provides the gateway that the files of a worker share, emptied; or, with `own`, a separate gateway for this file. `startBrowser` starts
 * another browser instead of the shared one.
 */
export function setUpBrowserTest(own?: GatewayOptions, startBrowser?: () => Promise<Browser>): BrowserTest {
  const ui = {} as BrowserTest;
  const opened: OpenPage[] = [];
  const cleanups: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const { gateways, everything, browser, settings } = inject('shared');
    ui.everything = everything;
    if (own === undefined) {
      // Vitest numbers its workers from 1 on.
      const gateway = gateways[(Number(process.env['VITEST_POOL_ID']) - 1) % gateways.length];
      if (gateway === undefined) throw new Error('no gateway for this worker');
      const admin = await signIn(gateway.url, 'admin', gateway.env['ADMIN_PASSWORD'] ?? '');
      await emptyGateway(admin, settings);
      ui.gateway = { ...gateway, ...operateAs(admin) };
    } else {
      const started = await startGateway(own);
      cleanups.push(() => started.close());
      ui.gateway = started;
    }
    ui.browser = await (startBrowser?.() ?? chromium.connect(browser));
    cleanups.push(() => ui.browser.close());
  });
  ui.openPage = async (more) => {
    const page = await openPage(ui.browser, more);
    opened.push(page);
    return page;
  };
  ui.openLoggedIn = async (path = '/', more = {}) => {
    const { page, context } = await ui.openPage(more);
    const { url, admin } = ui.gateway;
    await context.addCookies(
      admin.cookie.split('; ').map((cookie) => {
        const at = cookie.indexOf('=');
        return { name: cookie.slice(0, at), value: cookie.slice(at + 1), url };
      }),
    );
    await page.goto(`${url}/ui${path}`);
    await page.getByRole('main').waitFor();
    return page;
  };
  afterEach(async () => {
    const problems = opened.flatMap((page) => page.problems);
    for (const { context } of opened.splice(0)) await context.close();
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });
  return ui;
}
