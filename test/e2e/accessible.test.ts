import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { logIn } from './support/log-in.ts';
import { setUpBrowserTest } from './support/browser-test.ts';
import { findViolations, isTooWide, openLoaded as openPageLoaded } from './support/find-violations.ts';

const ui = setUpBrowserTest();
const PAGES: [path: string, heading: string][] = [
  ['/servers', 'Servers'],
  ['/review', 'Needs review'],
  ['/register', 'Register a server'],
  ['/tools', 'Tools'],
  ['/playground?server=weather&name=get-sum', 'Try it'],
  ['/connect', 'Connect'],
  ['/gateway', 'Gateway'],
  ['/settings', 'Settings'],
  ['/servers/weather', 'Weather'],
  ['/servers/weather/-/tools?tool=get-annotated-message', 'Weather'],
  ['/servers/weather/-/health', 'Weather'],
  ['/servers/weather/-/connect', 'Weather'],
  ['/servers/weather/-/config', 'Weather'],
  ['/servers/weather/-/settings', 'Weather'],
];

const openLoaded = (page: Page, path: string, heading: string) =>
  openPageLoaded(page, `${ui.gateway.url}/ui${path}`, heading);

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  beforeAll(async () => {
    if ((await ui.gateway.admin.ask('GET', '/api/servers/weather')).status === 200) return;
    await ui.gateway.register({ path: 'weather', name: 'Weather', url: ui.everything, tags: ['demo'] });
    await ui.gateway.register({ path: 'dead', name: 'Dead', url: 'http://127.0.0.1:11111/mcp' });
    await ui.gateway.register({ path: 'off', name: 'Off', url: ui.everything, enabled: false });
  });
  // Reduced motion, because the skeleton animation is infinite.
  const options = { colorScheme, reducedMotion: 'reduce' as const };

  it('has no violation of WCAG 2.2 AA on the login page', async () => {
    const { page } = await ui.openPage(options);
    await page.goto(`${ui.gateway.url}/ui/`);
    await page.getByText('First login').click();
    expect(await findViolations(page)).toEqual([]);
  });

  it('has none on any page', async () => {
    const page = await ui.openLoggedIn('/', options);
    for (const [path, heading] of PAGES) {
      await openLoaded(page, path, heading);
      expect(await findViolations(page), path).toEqual([]);
    }
  });

  it('has none in overlays', async () => {
    const page = await ui.openLoggedIn('/servers', options);
    await page.getByRole('link', { name: 'Weather' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('option').first().waitFor();
    expect(await findViolations(page), 'palette').toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await findViolations(page), 'shortcuts').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Actions for Weather' }).click();
    expect(await findViolations(page), 'menu').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Cards' }).click();
    expect(await findViolations(page), 'cards').toEqual([]);
    await page.getByRole('button', { name: 'Rows' }).click();
    await page.getByRole('switch', { name: 'Dead enabled' }).click();
    await page.getByRole('log').getByText('Dead disabled').waitFor();
    expect(await findViolations(page), 'toast').toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('log').getByText('Dead enabled').waitFor();
  });

  it('has none in filled forms and their dialogs', async () => {
    const page = await ui.openLoggedIn('/register', options);
    await page.getByLabel('URL of the MCP server').fill(ui.everything);
    await page.getByText('Reports as').waitFor();
    await page.getByText('Name, description, tags, credentials').click();
    await page.getByRole('button', { name: 'Add header' }).click();
    await page.getByLabel('Path').fill('Not fine');
    await page.getByRole('alert').waitFor();
    expect(await findViolations(page), 'register').toEqual([]);
    await page.goto(`${ui.gateway.url}/ui/servers/weather/-/settings`);
    await page.getByLabel('Description').fill(`mine, ${colorScheme}`);
    await ui.gateway.admin.must('PATCH', '/api/servers/weather', { description: `theirs, ${colorScheme}` });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog', { name: 'Conflicting changes' }).waitFor();
    expect(await findViolations(page), 'conflict').toEqual([]);
    await page.getByRole('button', { name: 'Continue editing' }).click();
    await page.getByRole('link', { name: 'Connect', exact: true }).first().click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    expect(await findViolations(page), 'confirmation').toEqual([]);
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByRole('heading', { name: 'Connect', level: 1 }).waitFor();
    // The session is deleted on the server; the live connection is closed.
    await page.request.delete(`${ui.gateway.url}/api/session`);
    await page.getByRole('dialog', { name: 'Session expired' }).waitFor();
    expect(await findViolations(page), 'session').toEqual([]);
  });

  it.each([360, 768, 3840])('fits into %i pixels', async (width) => {
    const { page } = await ui.openPage({ ...options, viewport: { width, height: 800 } });
    await page.goto(`${ui.gateway.url}/ui/`);
    await page.getByLabel('User name').waitFor();
    expect(await isTooWide(page), 'login').toBe(false);
    await page.getByLabel('User name').fill('admin');
    await page.getByLabel('Password').fill(ui.gateway.env['ADMIN_PASSWORD'] ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
    for (const [path, heading] of PAGES) {
      await openLoaded(page, path, heading);
      expect(await isTooWide(page), path).toBe(false);
    }
  });
});

describe('the theme', () => {
  it('is applied at the first paint, without a flash of the other one', async () => {
    const { page } = await ui.openPage({ colorScheme: 'light' });
    await logIn(page, ui.gateway, { path: '/settings' });
    await page.getByText('Dark', { exact: true }).click();
    await page.locator('html[data-theme=dark]').waitFor();
    // The theme is set before the bundle runs.
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.goto(`${ui.gateway.url}/ui/settings`, { waitUntil: 'domcontentloaded' });
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    const [red] = await page.evaluate(() => {
      const canvas = document.createElement('canvas').getContext('2d')!;
      canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    });
    expect(red).toBeLessThan(40);
  });
});
