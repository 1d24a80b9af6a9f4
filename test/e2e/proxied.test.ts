import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn } from './support/log-in.ts';
import { setStage } from './support/browser-test.ts';
import { startProxy, type Proxy } from './support/start-proxy.ts';

const stage = setStage();
const PREFIX = '/tools/mcpgw';
let proxy: Proxy;
const enter = async (page: Page, path = '/') => logIn(page, { url: proxy.url, env: stage.gateway.env }, { path });

describe('behind another proxy, below a prefix', () => {
  beforeAll(async () => {
    proxy = await startProxy(stage.gateway.url, PREFIX);
    await stage.gateway.register({ path: 'team/search', name: 'Search', url: stage.everything });
  });
  afterAll(() => proxy.close());

  it('works from the front page to a deep link that is loaded anew', async () => {
    const { page } = await stage.open();
    await page.goto(`${proxy.url}/`);
    await page.getByRole('heading', { name: 'Log in to mcpgw' }).waitFor();
    expect(page.url()).toBe(`${proxy.url}/ui/`);
    await enter(page);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Search' }).click();
    await page.getByRole('link', { name: /^Tools/ }).click();
    expect(page.url()).toBe(`${proxy.url}/ui/servers/team/search/-/tools`);
    await page.reload();
    await page.locator('summary', { hasText: 'echo' }).waitFor();
    await page.goBack();
    await page.getByText('What NGINX serves', { exact: false }).first().waitFor();
    await page.getByRole('link', { name: 'Register', exact: false }).first().waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Servers' }).first().click();
    expect(page.url()).toBe(`${proxy.url}/ui/servers`);
  });

  it('says that it is cut off and since when, and catches up by itself', async () => {
    const { page } = await stage.open();
    await enter(page);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Search' }).waitFor();
    await proxy.cut();
    await page.getByText('Reconnecting').waitFor();
    await page.getByText(/^Offline since \d\d:\d\d$/).waitFor({ timeout: 40_000 });
    await page.getByText('Agents keep working').waitFor();
    // What was there stays, and a change says that it has to wait.
    await page.getByRole('switch', { name: 'Search enabled' }).click();
    await page.getByText('Search stays enabled').waitFor();
    await stage.gateway.register({ path: 'meanwhile', name: 'Meanwhile', url: stage.everything });
    await stage.gateway.admin.must('DELETE', '/api/servers/team%2Fsearch');
    await proxy.restore();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Meanwhile' }).waitFor();
    await page.getByRole('link', { name: 'Search' }).waitFor({ state: 'detached' });
  });
});
