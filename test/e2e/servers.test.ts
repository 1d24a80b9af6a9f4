import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ServerView } from '../../registry/contract/index.ts';
import { startNeedsBearer } from '../fixtures/backends/compliant/needs-bearer.ts';
import { waitFor } from '../support/wait-for.ts';
import { setUpBrowserTest } from './support/browser-test.ts';

const ui = setUpBrowserTest();
const table = (page: Page) => page.getByRole('table', { name: 'Servers' });
const rowOf = (page: Page, name: string) => table(page).getByRole('row').filter({ hasText: name });
const names = (page: Page) => table(page).getByRole('link').allTextContents();

async function confirmRemoval(page: Page, what: string, typed = what): Promise<void> {
  const dialog = page.getByRole('dialog', { name: `Remove ${what}?` });
  expect(await dialog.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true);
  await dialog.getByLabel(`Type “${typed}” to confirm`).fill(typed);
  await dialog.getByRole('button', { name: 'Remove' }).click();
}

describe('the server list', () => {
  beforeAll(async () => {
    const { gateway, everything } = ui;
    await gateway.register({ path: 'weather', name: 'Weather', url: everything, tags: ['demo'] });
    await gateway.register({ path: 'team/search', name: 'Search', url: everything, tags: ['demo', 'internal'] });
    await gateway.register({ path: 'off', name: 'Switched off', url: everything, enabled: false });
    await gateway.register({ path: 'dead', name: 'Dead', url: 'http://127.0.0.1:11111/mcp' });
  });

  it('filters by status, tag, text and tools, and stores the filter in the URL', async () => {
    const page = await ui.openLoggedIn('/servers?filter=disabled');
    await rowOf(page, 'Switched off').waitFor();
    expect(await names(page)).toEqual(['Switched off']);
    await page.getByRole('button', { name: /^All/ }).click();
    await page.getByRole('button', { name: /^internal/ }).click();
    await waitFor('one server', async () => (await names(page)).join() === 'Search');
    expect(new URL(page.url()).search).toBe('?tag=internal');
    await page.reload();
    await rowOf(page, 'Search').waitFor();
    expect(await names(page)).toEqual(['Search']);
    await page.getByRole('button', { name: /^internal/ }).click();
    // "echo" is in no name or tag; it is a tool of three servers.
    await page.getByLabel('Search servers, tags and tools').fill('echo');
    await waitFor('only servers found by a tool', async () => {
      const found = await names(page);
      return found.includes('Weather') && !found.includes('Dead');
    });
    await page.getByLabel('Search servers, tags and tools').fill('qqqqxx');
    await page.getByRole('heading', { name: 'No matching servers' }).waitFor();
    await page.getByRole('button', { name: 'Show all servers' }).click();
    await rowOf(page, 'Weather').waitFor();
  });

  it('shows the reason of a failure in the row', async () => {
    const page = await ui.openLoggedIn('/servers?filter=attention');
    const row = rowOf(page, 'Dead');
    await row.getByText('Unhealthy', { exact: true }).waitFor();
    expect(await row.textContent()).toMatch(/refused the connection/);
    await page.getByRole('link', { name: 'Dead', exact: true }).click();
    await page.getByRole('link', { name: 'Edit URL' }).click();
    await page.getByLabel('URL of instance 1').and(page.locator(':focus')).waitFor();
  });

  it('offers the fix for a failure on the page of the server', async () => {
    const sealed = await startNeedsBearer();
    try {
      await ui.gateway.register({ path: 'sealed', name: 'Sealed', url: sealed.url });
      const dead = 'http://127.0.0.1:11111/mcp';
      await ui.gateway.register({ path: 'twins', name: 'Twins', instances: [{ url: ui.everything }, { url: dead }] });
      const page = await ui.openLoggedIn('/servers/sealed');
      await page.getByRole('link', { name: 'Add credential' }).click();
      await page.getByRole('button', { name: 'Add header' }).and(page.locator(':focus')).waitFor();
      await page.goto(`${ui.gateway.url}/ui/servers/twins`);
      await page.getByRole('button', { name: `Disable instance ${dead}` }).click();
      await page.getByRole('log').getByText('Instance disabled').waitFor();
      const { instances } = await ui.gateway.admin.must<ServerView>('GET', '/api/servers/twins');
      expect(instances.map(({ url, enabled }) => [url, enabled])).toEqual([
        [ui.everything, true],
        [dead, false],
      ]);
      const shown = page.getByRole('paragraph').filter({ hasText: '· disabled' });
      expect(await shown.innerText()).toMatch(/\/mcp\s· disabled$/);
    } finally {
      await ui.gateway.admin.ask('DELETE', '/api/servers/sealed');
      await ui.gateway.admin.ask('DELETE', '/api/servers/twins');
      await sealed.close();
    }
  });

  it('links from its tiles to what they count, and stores the density', async () => {
    const page = await ui.openLoggedIn();
    const row = rowOf(page, 'Weather');
    await row.waitFor();
    const heightOf = async () => (await row.boundingBox())?.height ?? 0;
    const comfortable = await heightOf();
    await page.getByRole('button', { name: 'Compact rows' }).click();
    await waitFor('lower rows', async () => (await heightOf()) < comfortable);
    await page.reload();
    await row.waitFor();
    expect(await heightOf()).toBeLessThan(comfortable);
    const tiles = page.getByLabel('Statistics');
    for (const [name, path] of [
      ['Healthy', '/ui/servers?filter=attention'],
      ['Tools', '/ui/tools'],
      ['Calls, last hour', '/ui/activity'],
      ['Errors, last hour', '/ui/activity?status=failed'],
    ] as const) {
      await tiles.getByRole('link', { name, exact: true }).click();
      await waitFor(`the page of ${name}`, () => {
        const { pathname, search } = new URL(page.url());
        return `${pathname}${search}` === path;
      });
      await page.goBack();
      await tiles.waitFor();
    }
  });

  it('disables a server and enables it again by undo, in the UI and in NGINX', async () => {
    const page = await ui.openLoggedIn();
    const row = rowOf(page, 'Weather');
    await row.getByText('Healthy', { exact: true }).waitFor();
    const { key } = await ui.gateway.createAgent(['weather']);
    const ping = () =>
      fetch(`${ui.gateway.url}/weather/mcp`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'application/json' },
        body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
      }).then(({ status }) => status);
    await row.getByRole('switch').click();
    await row.getByText('Disabled', { exact: true }).waitFor();
    await page.getByRole('log').getByText('Weather disabled').waitFor();
    expect(await ping()).toBe(503);
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.getByText('Healthy', { exact: true }).waitFor();
    await waitFor('the server to respond again', async () => (await ping()) !== 503);
  });

  it('reverts a change with the reason when it fails', async () => {
    const page = await ui.openLoggedIn();
    const row = rowOf(page, 'Search');
    await row.getByText('Healthy', { exact: true }).waitFor();
    await page.route('**/api/servers/team%2Fsearch', (route) =>
      route.request().method() === 'PATCH' ? route.abort('connectionrefused') : route.fallback(),
    );
    await row.getByRole('switch').click();
    await page.getByText('Search could not be disabled').waitFor();
    await page.getByText('The registry cannot be reached').waitFor();
    await row.getByText('Healthy', { exact: true }).waitFor();
    expect(await row.getByRole('switch').getAttribute('aria-checked')).toBe('true');
  });

  it('removes a server and restores it with undo', async () => {
    const page = await ui.openLoggedIn();
    await rowOf(page, 'Search').getByRole('button', { name: 'Actions for Search' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await confirmRemoval(page, 'Search');
    await page.getByRole('log').getByText('Search removed').waitFor();
    await rowOf(page, 'Search').waitFor({ state: 'detached' });
    expect((await ui.gateway.admin.ask('GET', '/api/servers/team%2Fsearch')).status).toBe(404);
    await page.getByRole('button', { name: 'Undo' }).click();
    await rowOf(page, 'Search').getByText('Healthy', { exact: true }).waitFor();
    // Later, without the toast.
    await ui.gateway.admin.must('DELETE', '/api/servers/team%2Fsearch');
    await page.reload();
    await page.getByText('Recently removed').click();
    await page.getByRole('button', { name: 'Restore Search' }).click();
    await rowOf(page, 'Search').getByText('Healthy', { exact: true }).waitFor();
  });

  it('acts on all selected servers at once', async () => {
    const { gateway, everything } = ui;
    for (const n of [1, 2, 3]) await gateway.register({ path: `many/${n}`, name: `Many ${n}`, url: everything });
    const page = await ui.openLoggedIn('/servers?q=many');
    for (const n of [1, 2]) await page.getByLabel(`Select Many ${n}`, { exact: true }).check();
    const bar = page.getByRole('group', { name: 'Selected servers' });
    await bar.getByText('2 servers selected').waitFor();
    await bar.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('log').getByText('2 servers disabled').waitFor();
    await rowOf(page, 'Many 2').getByText('Disabled', { exact: true }).waitFor();
    await rowOf(page, 'Many 3').getByText('Healthy', { exact: true }).waitFor();
    await page.getByLabel('Select all servers shown').check();
    await bar.getByRole('button', { name: 'Remove…' }).click();
    await confirmRemoval(page, '3 servers', 'remove 3 servers');
    await page.getByRole('log').getByText('3 servers removed').waitFor();
    await page.getByRole('heading', { name: 'No matching servers' }).waitFor();
  });

  it('filters by every status and tag, groups, sorts by its columns, and saves that as a view', async () => {
    const page = await ui.openLoggedIn('/servers');
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Disabled');
    await waitFor('one server', async () => (await names(page)).join() === 'Switched off');
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Any status');
    await page.getByRole('columnheader', { name: 'Server', exact: true }).getByRole('button').click();
    await page.getByRole('columnheader', { name: 'Server', exact: true }).getByRole('button').click();
    await waitFor('the last name first', async () => (await names(page))[0] === 'Weather');
    expect(await page.getByRole('columnheader', { name: 'Server', exact: true }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    await page.getByRole('combobox', { name: 'Groups' }).selectOption('By first tag');
    await table(page)
      .getByRole('row', { name: /^demo 2/ })
      .waitFor();
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByLabel('Name of the view').fill('By tag');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.goto(`${ui.gateway.url}/ui/servers`);
    await page.getByRole('combobox', { name: 'Saved views' }).selectOption('By tag');
    await table(page)
      .getByRole('row', { name: /^demo 2/ })
      .waitFor();
    expect(new URL(page.url()).search).toBe('?sort=name&order=reversed&group=tag');
  });

  it('shows changes of another user without a reload', async () => {
    const mine = await ui.openLoggedIn();
    const theirs = await ui.openLoggedIn('/servers/weather');
    await mine.getByText('Live', { exact: true }).waitFor();
    await theirs.getByRole('heading', { name: 'Weather', level: 1 }).waitFor();
    await rowOf(mine, 'Weather').getByRole('switch').click();
    await theirs.getByText('Requests of agents are refused.').waitFor();
    await theirs.getByRole('switch', { name: 'Weather enabled' }).click();
    await rowOf(mine, 'Weather').getByText('Healthy', { exact: true }).waitFor();
    await ui.gateway.register({ path: 'new', name: 'Newcomer', url: ui.everything });
    await rowOf(mine, 'Newcomer').waitFor();
    await ui.gateway.admin.must('DELETE', '/api/servers/new');
    await rowOf(mine, 'Newcomer').waitFor({ state: 'detached' });
  });

  it('shows the check history, also as text', async () => {
    const page = await ui.openLoggedIn();
    await rowOf(page, 'Weather').getByText('Healthy', { exact: true }).waitFor();
    await rowOf(page, 'Weather').getByRole('button', { name: 'Actions for Weather' }).click();
    await page.getByRole('menuitem', { name: 'Check now' }).click();
    await page.getByRole('log').getByText('Weather: healthy, 13 tools').waitFor();
    const strip = rowOf(page, 'Weather').getByRole('img', { name: /^Last (check|\d+ checks): / });
    // It contains the manual check or the next scheduled one (every 30 s).
    await strip.waitFor({ timeout: 45_000 });
    expect(await strip.getAttribute('aria-label')).toMatch(/\d+ healthy/);
    await page.goto(`${ui.gateway.url}/ui/servers/weather/-/health`);
    await page.getByText(/^Uptime since \d+ \w+ \d{4}, \d\d:\d\d:\d\d$/).waitFor();
    await page.getByRole('img', { name: /^Latency of the checks below, at most [\d.]+ m?s$/ }).waitFor();
    await page.getByRole('slider', { name: 'Checks, oldest to newest' }).waitFor();
    await page.getByRole('table', { name: 'Recent checks of Weather' }).getByRole('row').nth(1).waitFor();
  });
});
