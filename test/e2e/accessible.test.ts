import { beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { setUpBrowserTest } from './support/browser-test.ts';
import { expectAccessible, CHECK_OPTIONS, openInPlace } from './support/find-violations.ts';
import { logIn } from './support/log-in.ts';

const ui = setUpBrowserTest();
/** Two lists, since a busy machine needs minutes for all of them. */
const PAGES_OF_SERVERS: [path: string, heading: string][] = [
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
  ['/servers/weather/-/limits', 'Weather'],
  ['/servers/weather/-/audit', 'Weather'],
  ['/servers/weather/-/settings', 'Weather'],
];
const PAGES_OF_ACCESS: [path: string, heading: string][] = [
  ['/agents', 'Agents'],
  ['/agents/-/groups', 'Agents'],
  ['/agents/-/access', 'Agents'],
  ['/agents/-/access?on=weather', 'Agents'],
  ['/agents/coder', 'coder'],
  ['/agents/coder/grants', 'coder'],
  ['/agents/coder/limits', 'coder'],
  ['/agents/coder/audit', 'coder'],
  ['/activity', 'Activity'],
  ['/audit', 'Audit'],
];
beforeAll(async () => {
  const { admin, register, createAgent } = ui.gateway;
  await register({ path: 'weather', name: 'Weather', url: ui.everything, tags: ['demo'] });
  await register({ path: 'dead', name: 'Dead', url: 'http://127.0.0.1:11111/mcp' });
  await register({ path: 'off', name: 'Off', url: ui.everything, enabled: false });
  await admin.must('POST', '/api/groups', { name: 'readers', description: 'May read.', grants: [{ server: '*' }] });
  const { key } = await createAgent(
    [
      {
        server: 'weather',
        tools: ['echo', '!get-sum'],
        resources: [],
        prompts: [],
        hours: { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '00:00', zone: 'UTC' },
        expiresAt: '2040-01-01T00:00:00Z',
      },
      { server: 'team/*', tools: ['*'], resources: ['*'], prompts: ['*'], effect: 'deny' },
    ],
    { name: 'coder' },
  );
  await admin.must('PATCH', '/api/agents/coder', { owner: 'Team A', tags: ['ci'], groups: ['readers'] });
  await admin.must('PUT', '/api/agents/coder/limits', { rules: [{ requestsPerSecond: 20, callsPerDay: 1_000 }] });
  await fetch(`${ui.gateway.url}/weather/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get-sum', arguments: {} } }),
  });
  await waitFor('the refused call', async () => {
    const { items } = await admin.must<{ items: unknown[] }>('GET', '/api/calls?agent=coder&verdict=refused');
    return items.length > 0;
  });
});

describe('has no violation of WCAG 2.2 AA in either theme or on a phone, and fits', () => {
  it('on the login page', async () => {
    const { page } = await ui.openPage(CHECK_OPTIONS);
    await page.goto(`${ui.gateway.url}/ui/`);
    await page.getByText('First login').click();
    await expectAccessible(page, 'the login page');
  });

  it.each([
    ['servers', PAGES_OF_SERVERS],
    ['access', PAGES_OF_ACCESS],
  ])('on any page of %s', async (_, pages) => {
    const page = await ui.openLoggedIn('/', CHECK_OPTIONS);
    for (const [path, heading] of pages) {
      await openInPlace(page, path, heading);
      await expectAccessible(page, path);
    }
  });

  it('in the overlays of the server list', async () => {
    const page = await ui.openLoggedIn('/servers', CHECK_OPTIONS);
    await page.getByRole('link', { name: 'Weather' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('option').first().waitFor();
    await expectAccessible(page, 'palette');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page, 'shortcuts');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Actions for Weather' }).click();
    await expectAccessible(page, 'menu');
    await page.keyboard.press('Escape');
    await page.getByLabel('Select all servers shown').check();
    await expectAccessible(page, 'selected servers');
    await page.getByRole('button', { name: 'Clear selection' }).click();
    await page.getByRole('switch', { name: 'Dead enabled' }).click();
    await page.getByRole('log').getByText('Dead disabled').waitFor();
    await expectAccessible(page, 'toast');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('log').getByText('Dead enabled').waitFor();
  });

  it('in the forms of servers and their dialogs', async () => {
    const { page } = await ui.openPage(CHECK_OPTIONS);
    // A separate session, since it ends below.
    await logIn(page, ui.gateway, { path: '/register' });
    await page.getByLabel('URL of the MCP server').fill(ui.everything);
    await page.getByText('Reports as').waitFor();
    await page.getByText('Name, description, tags, credentials').click();
    await page.getByRole('button', { name: 'Add header' }).click();
    await page.getByLabel('Path').fill('Not fine');
    await page.getByRole('alert').waitFor();
    await expectAccessible(page, 'register');
    await openInPlace(page, '/servers/weather/-/settings', 'Weather');
    await page.getByLabel('Description').fill('mine');
    await ui.gateway.admin.must('PATCH', '/api/servers/weather', { description: 'theirs' });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog', { name: 'Conflicting changes' }).waitFor();
    await expectAccessible(page, 'conflict');
    await page.getByRole('button', { name: 'Continue editing' }).click();
    await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').first().click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    await expectAccessible(page, 'confirmation');
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
    // The session is deleted on the server; the live connection is closed.
    await page.request.delete(`${ui.gateway.url}/api/session`);
    await page.getByRole('dialog', { name: 'Session expired' }).waitFor();
    await expectAccessible(page, 'session');
  });

  it('in the forms, dialogs and details of access', async () => {
    const page = await ui.openLoggedIn('/', CHECK_OPTIONS);
    await openInPlace(page, '/activity?agent=coder', 'Activity');
    await page
      .getByRole('button', { name: /Why was this refused/ })
      .first()
      .click();
    await page.getByRole('group', { name: 'Why was this refused?' }).waitFor();
    await expectAccessible(page, 'a refused call');
    await openInPlace(page, '/audit', 'Audit');
    await page.getByText('Agent changed').first().click();
    await page.getByLabel('Before and after').waitFor();
    await expectAccessible(page, 'a change');
    await openInPlace(page, '/agents/coder/grants', 'coder');
    await page.getByRole('button', { name: 'Edit the grant for weather' }).click();
    await page.getByLabel('Time zone').waitFor();
    await page.getByLabel('Tools', { exact: true }).fill('echo\nget-*');
    await page.getByRole('button', { name: 'Preview', exact: true }).click();
    await page.getByText(/Of \d+ requests? of the last day/).waitFor();
    await expectAccessible(page, 'the grant editor');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await openInPlace(page, '/agents/coder/limits', 'coder');
    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByRole('group', { name: 'Rule 2' }).waitFor();
    await expectAccessible(page, 'the limit editor');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await openInPlace(page, '/agents/coder', 'coder');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('group', { name: 'New key' }).waitFor();
    await expectAccessible(page, 'a new key');
    for (const button of [/^Edit the key/, /^Rotate the key/, /^Revoke the key/, 'Stop…']) {
      await page.getByRole('button', { name: button }).first().click();
      await page.getByRole('dialog').waitFor();
      await expectAccessible(page, `the dialog of ${String(button)}`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    const { id } = await ui.gateway.admin.must<{ id: string }>('POST', '/api/kill', {
      scope: 'agent',
      target: 'coder',
      reason: 'we look into it',
    });
    await page.getByRole('region', { name: 'Active kill switches' }).waitFor();
    await expectAccessible(page, 'a kill switch');
    await ui.gateway.admin.must('DELETE', `/api/kill/${id}`);
    await page.getByRole('region', { name: 'Active kill switches' }).waitFor({ state: 'detached' });
  });
});

describe('the theme', () => {
  it('is applied at the first paint, without a flash of the other one', async () => {
    const page = await ui.openLoggedIn('/settings', { colorScheme: 'light' });
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
