import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StatsView } from '../../registry/contract/index.ts';
import { startEcho } from '../fixtures/backends/compliant/echo.ts';
import { startPoisonedTools } from '../fixtures/backends/tools/poisoned-tools.ts';
import { setUpBrowserTest } from './support/browser-test.ts';

const ui = setUpBrowserTest();
const fixtures: { close: () => Promise<void> }[] = [];
let poisonedUrl = '';

/** Records the notifications that the page requests: a headless browser does not show them. */
const RECORD_NOTIFICATIONS = `globalThis.notifications = { requested: 0, shown: [] };
globalThis.Notification = class {
  static permission = 'default';
  static async requestPermission() { notifications.requested += 1; return (this.permission = 'granted'); }
  constructor(title) { notifications.shown.push(title); }
};`;

beforeAll(async () => {
  const poisoned = await startPoisonedTools();
  fixtures.push(poisoned);
  poisonedUrl = poisoned.url;
});
afterAll(async () => {
  for (const fixture of fixtures) await fixture.close();
});

it('shows the findings in the tools of a server before it is registered', async () => {
  const page = await ui.openLoggedIn('/register');
  await page.getByLabel('URL of the MCP server').fill(poisonedUrl);
  await page.getByText(/^\d tools flagged: text that may steer a model/).waitFor();
  const findings = page.getByRole('listitem').filter({ hasText: 'reads_secrets' });
  await findings.getByText(/id_rsa/).waitFor();
  expect(await page.getByRole('listitem').filter({ hasText: 'clean' }).count()).toBe(0);
  expect(await page.evaluate(() => Reflect.get(globalThis, 'poisoned') as unknown)).toBeUndefined();
});

it('shows since when an agent is refused unusually often, in the server list and on the review page', async () => {
  const echo = await startEcho();
  fixtures.push(echo);
  await ui.gateway.register({ path: 'refusing', name: 'Refusing', url: echo.url });
  const { key } = await ui.gateway.createAgent([], { name: 'curious' });
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } };
  for (let count = 0; count < 25; count += 1) {
    const { status } = await fetch(`${ui.gateway.url}/refusing/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(call),
    });
    expect(status).toBe(403);
  }
  const refusedOf = async () => {
    const { agents } = await ui.gateway.admin.must<StatsView>('GET', '/api/stats?range=hour');
    return agents.find(({ agent }) => agent === 'curious')?.refused;
  };
  await expect.poll(refusedOf, { timeout: 30_000 }).toBe(25);
  const page = await ui.openLoggedIn('/review');
  const item = page.getByRole('list', { name: 'Needs review' }).getByRole('listitem').filter({ hasText: 'curious' });
  await item.getByText('25 of 25 requests refused in the last hour').waitFor();
  await item.getByText(/^since /).waitFor();
  await page.goto(`${ui.gateway.url}/ui/servers`);
  const row = page.getByRole('table', { name: 'Servers' }).getByRole('row').filter({ hasText: 'Refusing' });
  await row.getByText('Unusual refusals').waitFor();
});

it('shows browser notifications only after they were turned on', async () => {
  const page = await ui.openLoggedIn('/settings');
  await page.addInitScript({ content: RECORD_NOTIFICATIONS });
  await page.reload();
  const notifications = () =>
    page.evaluate(() => Reflect.get(globalThis, 'notifications') as { requested: number; shown: string[] });
  const toggle = page.getByRole('switch', { name: 'Browser notifications' });
  expect(await toggle.isChecked()).toBe(false);
  const fall = async (path: string) => {
    const echo = await startEcho();
    await ui.gateway.register({ path, name: path, url: echo.url });
    await echo.close();
    await ui.gateway.admin.must('POST', `/api/servers/${path}/refresh`);
    await page.getByRole('link', { name: /^Needs review/ }).click();
    const items = page.getByRole('list', { name: 'Needs review' }).getByRole('listitem');
    await items.filter({ hasText: path }).waitFor();
    await page.goBack();
  };
  await fall('falls-first');
  expect(await notifications()).toEqual({ requested: 0, shown: [] });
  await toggle.click();
  expect((await notifications()).requested).toBe(1);
  await fall('falls-second');
  await expect.poll(async () => (await notifications()).shown).toEqual(['falls-second: Unhealthy']);
});
