import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn } from './support/log-in.ts';
import { setUpBrowserTest } from './support/browser-test.ts';
import { startProxy, type Proxy } from './support/start-proxy.ts';

const ui = setUpBrowserTest();
const PREFIX = '/tools/mcpgw';
let proxy: Proxy;
const openLoggedIn = async (page: Page, path = '/') => logIn(page, { url: proxy.url, env: ui.gateway.env }, { path });

describe('behind another proxy, with a path prefix', () => {
  beforeAll(async () => {
    proxy = await startProxy(ui.gateway.url, PREFIX);
    await ui.gateway.register({ path: 'team/search', name: 'Search', url: ui.everything });
  });
  afterAll(() => proxy.close());

  it('works from the home page to a deep link that is reloaded', async () => {
    const { page } = await ui.openPage();
    await page.goto(`${proxy.url}/`);
    await page.getByRole('heading', { name: 'Log in to mcpgw' }).waitFor();
    expect(page.url()).toBe(`${proxy.url}/ui/`);
    await openLoggedIn(page);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Search' }).click();
    await page.getByRole('link', { name: /^Tools/ }).click();
    expect(page.url()).toBe(`${proxy.url}/ui/servers/team/search/-/tools`);
    await page.reload();
    await page.getByRole('group', { name: 'Tool echo' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'About' }).waitFor();
    await page.getByRole('link', { name: 'Register', exact: false }).first().waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Servers' }).first().click();
    expect(page.url()).toBe(`${proxy.url}/ui/servers`);
  });

  it('shows since when it is offline, and resumes by itself', async () => {
    const { page } = await ui.openPage();
    await openLoggedIn(page);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Search' }).waitFor();
    await proxy.cut();
    await page.getByText('Reconnecting').waitFor();
    await page.getByText(/^Offline since \d\d:\d\d$/).waitFor({ timeout: 40_000 });
    await page.getByRole('alert').getByText('Agents keep working').waitFor();
    // The page stays, and a change fails with a message.
    await page.getByRole('switch', { name: 'Search enabled' }).click();
    await page.getByText('Search could not be disabled').waitFor();
    await ui.gateway.register({ path: 'meanwhile', name: 'Meanwhile', url: ui.everything });
    await ui.gateway.admin.must('DELETE', '/api/servers/team%2Fsearch');
    await proxy.restore();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Meanwhile' }).waitFor();
    await page.getByRole('link', { name: 'Search' }).waitFor({ state: 'detached' });
  });
});
