import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AgentView } from '../../registry/contract/index.ts';
import { setUpBrowserTest } from './support/browser-test.ts';
import { callStatus } from './support/call-status.ts';
import { chooseTheme, expectAccessible, CHECK_OPTIONS, openInPlace } from './support/find-violations.ts';
import { logInByKeyboard } from './support/log-in.ts';
import { HAS_FIREFOX, startFirefox } from './support/start-firefox.ts';

const focusedName = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent.trim());
const background = (page: Page) =>
  page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d')!;
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data[0] ?? -1;
  });

/** A typical session of an operator in the other browser. Any problem it reports (errors, CSP) fails the test. */
describe.skipIf(!HAS_FIREFOX)('in Firefox', () => {
  const ui = setUpBrowserTest(undefined, startFirefox);
  const rowOf = (page: Page, name: string) =>
    page.getByRole('table', { name: 'Servers' }).getByRole('row').filter({ hasText: name });
  beforeAll(async () => {
    await ui.gateway.register({ path: 'zebra', name: 'Zebra', url: ui.everything });
  });

  it('logs in and registers a server with the keyboard only, and shows its tools', async () => {
    const { page } = await ui.openPage();
    await logInByKeyboard(page, ui.gateway);
    await rowOf(page, 'Zebra').getByText('Healthy', { exact: true }).waitFor();
    await page.keyboard.press('n');
    await page.getByRole('heading', { name: 'Register a server' }).waitFor();
    await page.keyboard.type(ui.everything);
    await page.getByText('Streamable HTTP').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByText('It is shown only once').waitFor();
    await page
      .getByRole('link', { name: /^Tools/ })
      .last()
      .click();
    await page.getByRole('group', { name: 'Tool echo' }).waitFor();
  });

  it('calls a tool through the gateway, and the call appears in the activity automatically', async () => {
    await ui.gateway.createAgent(['zebra'], { name: 'player' });
    const log = await ui.openLoggedIn('/activity?agent=player');
    await log.getByText('Live', { exact: true }).first().waitFor();
    const page = await ui.openLoggedIn('/playground?server=zebra&name=get-sum&agent=player');
    await page.getByLabel('a', { exact: true }).fill('2');
    await page.getByLabel('b', { exact: true }).fill('40');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('status').getByText('Succeeded').waitFor();
    await page.getByLabel('Response text').getByText('42').waitFor();
    await log.getByRole('table', { name: 'Calls' }).getByText('get-sum').first().waitFor();
  });

  it('creates an agent with a key that can call, and revokes the key, which is then refused', async () => {
    const page = await ui.openLoggedIn('/agents');
    await page.getByRole('button', { name: 'New agent' }).click();
    const dialog = page.getByRole('dialog', { name: 'New agent' });
    await dialog.getByLabel('Name').fill('fox');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'fox', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Add grant' }).click();
    await page.getByLabel('Servers', { exact: true }).fill('zebra');
    await page.getByRole('button', { name: 'Save grants' }).click();
    await page.getByText('Grants saved').waitFor();
    await page.goto(`${ui.gateway.url}/ui/agents/fox`);
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('group', { name: 'New key' }).waitFor();
    const key = (await page.getByRole('group', { name: 'New key' }).textContent())?.match(/mgw_\w+/)?.[0] ?? '';
    expect(await callStatus(ui, key, 'echo', 'zebra')).not.toBe(401);
    await page
      .getByRole('button', { name: /^Revoke the key/ })
      .first()
      .click();
    const revoke = page.getByRole('dialog');
    const { keys } = await ui.gateway.admin.must<AgentView>('GET', '/api/agents/fox');
    await revoke.getByLabel(/^Type/).fill(keys[0]?.hint ?? '');
    await page.keyboard.press('Enter');
    await page
      .getByRole('log')
      .getByText(/^Key .* revoked$/)
      .waitFor();
    expect(await callStatus(ui, key, 'echo', 'zebra')).toBe(401);
  });

  it('shows changes by others immediately, and its own change once the gate enforces it', async () => {
    const page = await ui.openLoggedIn('/servers');
    await page.getByText('Live', { exact: true }).waitFor();
    await ui.gateway.register({ path: 'new', name: 'Newcomer', url: ui.everything });
    await rowOf(page, 'Newcomer').getByText('Healthy', { exact: true }).waitFor();
    const { key } = await ui.gateway.createAgent(['new']);
    await rowOf(page, 'Newcomer').getByRole('switch').click();
    await page.getByRole('log').getByText('The gate refuses its calls from now on.').waitFor();
    expect(await callStatus(ui, key, 'echo', 'new')).toBe(503);
    await rowOf(page, 'Newcomer').getByText('Disabled', { exact: true }).waitFor();
    await ui.gateway.admin.must('DELETE', '/api/servers/new');
    await rowOf(page, 'Newcomer').waitFor({ state: 'detached' });
    await page.goto(`${ui.gateway.url}/ui/gateway`);
    await page.getByText(/^Generation \d+ is live$/).waitFor();
    await page.getByRole('list', { name: 'Processes', exact: true }).getByText('NGINX', { exact: true }).waitFor();
  });

  it('traps the focus in menus and dialogs, and restores it', async () => {
    const page = await ui.openLoggedIn('/servers');
    const actions = page.getByRole('button', { name: 'Actions for Zebra' });
    await actions.focus();
    await page.keyboard.press('Enter');
    await page.locator('[role=menuitem]:focus').waitFor();
    const menu = await page.getByRole('menu').boundingBox();
    const button = await actions.boundingBox();
    // It is aligned with its button, within the window.
    expect(Math.abs((menu?.x ?? 0) + (menu?.width ?? 0) - (button?.x ?? 0) - (button?.width ?? 0))).toBeLessThan(3);
    await page.keyboard.press('ArrowUp');
    expect(await focusedName(page)).toBe('Remove');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'hidden' });
    expect(await focusedName(page)).toBe('Actions for Zebra');
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await dialog.waitFor();
    for (let press = 0; press < 6; press += 1) {
      await page.keyboard.press('Tab');
      expect(
        await page.evaluate(
          () => document.activeElement?.closest('dialog') !== null || document.activeElement === document.body,
        ),
      ).toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await focusedName(page)).toBe('Actions for Zebra');
    await page.keyboard.press('Control+k');
    await page.getByLabel('Search pages, servers, tools and actions').waitFor();
    await page.keyboard.type('zeb');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Zebra', level: 1 }).waitFor();
  });

  it('switches the theme, which is kept after a reload, and has a separate menu on a phone', async () => {
    const page = await ui.openLoggedIn('/settings', { colorScheme: 'light' });
    await page.getByText('Dark', { exact: true }).click();
    await page.locator('html[data-theme=dark]').waitFor();
    await expect.poll(() => background(page)).toBeLessThan(40);
    await page.reload();
    await page.locator('html[data-theme=dark]').waitFor();
    await page.getByText('Light', { exact: true }).click();
    await expect.poll(() => background(page)).toBeGreaterThan(200);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole('button', { name: 'Open menu' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Activity' }).click();
    await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('has no violation of WCAG 2.2 AA on the main pages, in either theme or on a phone, and fits', async () => {
    const page = await ui.openLoggedIn('/', CHECK_OPTIONS);
    for (const [path, heading] of [
      ['/servers', 'Servers'],
      ['/servers/zebra/-/tools', 'Zebra'],
      ['/playground?server=zebra&name=get-sum', 'Try it'],
      ['/agents', 'Agents'],
      ['/activity', 'Activity'],
      ['/gateway', 'Gateway'],
      ['/review', 'Needs review'],
    ] as const) {
      await openInPlace(page, path, heading);
      await expectAccessible(page, `${path} in Firefox`, chooseTheme);
    }
  });
});
