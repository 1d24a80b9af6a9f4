import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AgentView } from '../../registry/contract/index.ts';
import { setUpBrowserTest } from './support/browser-test.ts';
import { logInByKeyboard } from './support/log-in.ts';

const ui = setUpBrowserTest();
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent.trim() ?? '');
const pathname = (page: Page) => new URL(page.url()).pathname;

/** Presses Tab until the focused element matches `name`. */
async function tabTo(page: Page, name: RegExp, maxPresses = 40): Promise<void> {
  for (let presses = 0; presses < maxPresses; presses += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const focused = document.activeElement;
      const label = focused instanceof HTMLInputElement ? (focused.labels?.[0]?.textContent ?? '') : '';
      return `${focused?.getAttribute('aria-label') ?? ''} ${label} ${focused?.textContent ?? ''}`;
    });
    if (name.test(found)) return;
  }
  throw new Error(`Tab never reached ${String(name)}`);
}

describe('with the keyboard only', () => {
  beforeAll(async () => {
    await ui.gateway.register({ path: 'weather', name: 'Weather', url: ui.everything });
    await ui.gateway.register({ path: 'zebra', name: 'Zebra', url: ui.everything });
  });

  it('logs in, registers a server and creates a key', async () => {
    const { page } = await ui.openPage();
    await logInByKeyboard(page, ui.gateway);
    await page.keyboard.press('n');
    await page.getByRole('heading', { name: 'Register a server' }).waitFor();
    await page.keyboard.type(ui.everything);
    await page.getByText('Streamable HTTP').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
    expect(pathname(page)).toBe('/ui/servers/everything/-/connect');
    await tabTo(page, /^\s*Claude Code/);
    await page.keyboard.press('ArrowRight');
    await page.getByText('Codex reads the key from an environment variable').waitFor();
    await tabTo(page, /Create key/);
    await page.keyboard.press('Enter');
    await page.getByText('It is shown only once').waitFor();
  });

  it('moves in the list with j and k, opens with Enter, goes to the servers with g s', async () => {
    const page = await ui.openLoggedIn();
    await page.getByRole('link', { name: 'Zebra' }).waitFor();
    await page.keyboard.press('j');
    const first = await focused(page);
    await page.keyboard.press('j');
    expect(await focused(page)).not.toBe(first);
    await page.keyboard.press('k');
    expect(await focused(page)).toBe(first);
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: first, level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('zeb');
    await page.getByRole('link', { name: 'Weather' }).waitFor({ state: 'detached' });
    // Shortcuts are off in a text field.
    await page.keyboard.type('n?');
    expect(await page.getByLabel('Search servers, tags and tools').inputValue()).toBe('zebn?');
    await page.keyboard.press('Escape');
    expect(await page.getByLabel('Search servers, tags and tools').inputValue()).toBe('');
  });

  it('finds servers, tools and actions in the command palette', async () => {
    const page = await ui.openLoggedIn();
    await page.getByRole('link', { name: 'Zebra' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByLabel('Search pages, servers, tools and actions').waitFor();
    await page.keyboard.type('zeb');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Zebra', level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('get-sum');
    await page.getByRole('option', { name: /get-sum.*weather/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Returns the sum of two numbers').first().waitFor();
    expect(pathname(page)).toMatch(/\/-\/tools$/);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('theme: dark');
    await page.keyboard.press('Enter');
    await page.locator('html[data-theme=dark]').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Escape');
    await page.getByLabel('Search pages, servers, tools and actions').waitFor({ state: 'detached' });
  });

  it('acts on servers, agents and keys from the command palette, and shows their state', async () => {
    const { admin, createAgent } = ui.gateway;
    await createAgent(['weather'], { name: 'planner' });
    const expiresAt = new Date(Date.now() + 3.2 * 86_400_000).toISOString();
    await admin.must('POST', '/api/agents/planner/keys', { label: 'nightly', expiresAt });
    const page = await ui.openLoggedIn();
    await page.getByRole('link', { name: 'Zebra' }).waitFor();
    const find = async (text: string, option: RegExp) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(text);
      await page.getByRole('option', { name: option, selected: true }).waitFor();
    };
    await find('disable zebra', /^Disable Zebra \/zebra$/);
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText('Zebra disabled').waitFor();
    await find('enable zebra', /^Enable Zebra/);
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText('Zebra enabled').waitFor();
    await find('stop planner', /^Stop planner… agent$/);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Stop agent planner?' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await find('revoke nightly', /^Revoke key nightly… of planner$/);
    await page.getByLabel('Search pages, servers, tools and actions').fill('nightly');
    await page.getByRole('option', { name: 'Key nightly In 3 days of planner' }).waitFor();
    await page.getByRole('option', { name: /^Revoke key nightly/ }).click();
    const { keys } = await admin.must<AgentView>('GET', '/api/agents/planner');
    const { hint = '' } = keys.find(({ label }) => label === 'nightly') ?? {};
    await page.getByLabel(`Type “${hint}” to confirm`).fill(hint);
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText('Key nightly revoked').waitFor();
    expect((await admin.must<AgentView>('GET', '/api/agents/planner')).keys).toHaveLength(1);
  });

  it('lists the shortcuts with ?, and they can be turned off', async () => {
    const page = await ui.openLoggedIn();
    await page.getByRole('link', { name: 'Zebra' }).waitFor();
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await dialog.waitFor();
    await dialog.getByRole('switch').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('n');
    expect(pathname(page)).toBe('/ui/');
    await page.reload();
    await page.getByRole('link', { name: 'Zebra' }).waitFor();
    await page.keyboard.press('?');
    expect(await dialog.count()).toBe(0);
  });

  it('operates a menu with the arrow keys and restores the focus', async () => {
    const page = await ui.openLoggedIn();
    await page.getByRole('link', { name: 'Zebra' }).waitFor();
    await page.getByRole('button', { name: 'Actions for Zebra' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[role=menuitem]:focus').waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('Copy URL');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Actions for Zebra');
    await page.keyboard.press('Enter');
    await page.locator('[role=menuitem]:focus').waitFor();
    await page.keyboard.press('ArrowUp');
    expect(await focused(page)).toBe('Remove');
    await page.keyboard.press('Enter');
    await page.getByLabel('Type “Zebra” to confirm').waitFor();
    await page.keyboard.type('Zebra');
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText('Zebra removed').waitFor();
    await tabTo(page, /^\s*Undo$/, 80);
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText('Zebra restored').waitFor();
  });

  it('skips to the content with the first Tab', async () => {
    const page = await ui.openLoggedIn('/settings');
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });
});
