import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn } from './support/log-in.ts';
import { findRegistry } from '../support/faults/observe/find-processes.ts';
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
    await page
      .getByRole('navigation', { name: 'Search' })
      .getByRole('link', { name: /^Tools/ })
      .click();
    expect(page.url()).toBe(`${proxy.url}/ui/servers/team/search/-/tools`);
    await page.reload();
    await page.getByRole('group', { name: 'Tool echo' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'About' }).waitFor();
    await page.getByRole('link', { name: 'Register', exact: false }).first().waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Servers' }).first().click();
    expect(page.url()).toBe(`${proxy.url}/ui/servers`);
  });

  it('shows since when it is offline, and resumes automatically', async () => {
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

  it('loads a page whose code could not be loaded when the registry is back', async () => {
    const { page } = await ui.openPage();
    await openLoggedIn(page);
    await page.getByText('Live', { exact: true }).waitFor();
    await proxy.cut();
    await page.getByText('Reconnecting').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Could not load the page' }).waitFor();
    await proxy.restore();
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  });

  it('reports within 15 seconds that the proxy hangs, and recovers automatically on new connections', async () => {
    await ui.gateway.register({ path: 'hung', name: 'Hung', url: ui.everything });
    const { page } = await ui.openPage();
    await openLoggedIn(page);
    await page.getByText('Live', { exact: true }).waitFor();
    const toggle = page.getByRole('switch', { name: 'Hung enabled' });
    await toggle.waitFor();
    proxy.hang();
    await toggle.click();
    await page.getByRole('status').getByText('Disabling…').waitFor();
    await page.getByText(/^Offline since \d\d:\d\d$/).waitFor({ timeout: 15_000 });
    expect(await toggle.getAttribute('aria-checked')).toBe('true');
    // Code that is not loaded yet.
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('status', { name: 'Loading the page' }).waitFor();
    proxy.unhang();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor({ timeout: 40_000 });
  });

  it('reports that it is unknown whether a change was saved if its response never arrived', async () => {
    await ui.gateway.register({ path: 'lost', name: 'Lost', url: ui.everything });
    const { page } = await ui.openPage();
    await openLoggedIn(page);
    await page.getByText('Live', { exact: true }).waitFor();
    const toggle = page.getByRole('switch', { name: 'Lost enabled' });
    await toggle.waitFor();
    proxy.hang();
    await toggle.click();
    await page.getByRole('status').getByText('Disabling…').waitFor();
    await page.getByText(/^Offline since \d\d:\d\d$/).waitFor({ timeout: 15_000 });
    proxy.unhang();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('log').getByText('It is unknown whether the change was saved').waitFor();
    expect(await toggle.getAttribute('aria-checked')).toBe('true');
    await toggle.click();
    await page.getByRole('log').getByText('Lost disabled').waitFor();
  });

  it('reports within 15 seconds that the registry is frozen, shows nothing as saved, and resumes', async () => {
    await ui.gateway.register({ path: 'frozen', name: 'Frozen', url: ui.everything });
    const { page } = await ui.openPage();
    await openLoggedIn(page);
    await page.getByText('Live', { exact: true }).waitFor();
    const toggle = page.getByRole('switch', { name: 'Frozen enabled' });
    await toggle.waitFor();
    const registry = findRegistry(ui.gateway);
    process.kill(registry, 'SIGSTOP');
    try {
      await toggle.click();
      await page.getByRole('status').getByText('Disabling…').waitFor();
      expect(await toggle.getAttribute('aria-checked')).toBe('true');
      await page.getByText(/^Offline since \d\d:\d\d$/).waitFor({ timeout: 15_000 });
    } finally {
      process.kill(registry, 'SIGCONT');
    }
    await page.getByText('Live', { exact: true }).waitFor();
    // The registry responded to the request when it resumed.
    await page.getByRole('log').getByText('Frozen disabled').waitFor();
    expect(await toggle.getAttribute('aria-checked')).toBe('false');
  });
});
