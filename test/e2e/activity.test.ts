import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { connectClient, echo } from '../support/gateway/call-tool.ts';
import { waitFor } from '../support/wait-for.ts';
import { setUpBrowserTest } from './support/browser-test.ts';

const ui = setUpBrowserTest();
let key = '';
const calls = (page: Page) => page.getByRole('table', { name: 'Calls' });

async function call(message: string): Promise<void> {
  const client = await connectClient(`${ui.gateway.url}/weather/mcp`, key);
  await echo(client, message);
  await client.close();
}
const refuse = (own = key) =>
  fetch(`${ui.gateway.url}/weather/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${own}`,
      'content-type': 'application/json',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get-sum', arguments: {} } }),
  });

beforeAll(async () => {
  await ui.gateway.register({ path: 'weather', name: 'Weather', url: ui.everything });
  ({ key } = await ui.gateway.createAgent([{ server: 'weather', tools: ['echo'], resources: [], prompts: [] }], {
    name: 'caller',
  }));
  await call('first');
  expect((await refuse()).status).toBe(403);
  await waitFor('the calls to be stored', async () => {
    const { items } = await ui.gateway.admin.must<{ items: unknown[] }>('GET', '/api/calls?verdict=refused');
    return items.length > 0;
  });
});

describe('the activity page', () => {
  it('filters by the URL, explains a refused call, and finds all calls of a trace', async () => {
    const page = await ui.openLoggedIn('/activity?agent=caller&verdict=refused');
    await calls(page)
      .getByRole('row', { name: /caller weather get-sum Refused 403/ })
      .waitFor();
    expect(await calls(page).getByText('echo').count()).toBe(0);
    await calls(page)
      .getByRole('button', { name: /Why was this refused/ })
      .first()
      .click();
    await page.getByRole('link', { name: 'All calls of this trace' }).click();
    const trace = '0af7651916cd43dd8448eb211c80319c';
    await waitFor('the trace in the URL', () => new URL(page.url()).searchParams.get('trace') === trace);
    await calls(page).getByText('get-sum').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await calls(page).getByText('echo').first().waitFor();
    await page.getByLabel('Tool', { exact: true }).fill('nothing');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'No calls' }).waitFor();
  });

  it('adds the one grant that would allow a refused call with one click', async () => {
    const { key: own } = await ui.gateway.createAgent(
      [{ server: 'weather', tools: ['echo'], resources: [], prompts: [] }],
      {
        name: 'refused',
      },
    );
    expect((await refuse(own)).status).toBe(403);
    const page = await ui.openLoggedIn('/activity?agent=refused');
    await calls(page)
      .getByRole('button', { name: /Why was this refused/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Grant this to refused' }).click();
    await page.getByText('Granted, from the next request on.').waitFor();
    expect((await refuse(own)).status).not.toBe(403);
  });

  it('shows calls as they arrive, holds them while paused, and resumes after the connection was lost', async () => {
    const page = await ui.openLoggedIn('/activity?tool=echo');
    await calls(page).getByText('echo').first().waitFor();
    const rows = async () => calls(page).getByRole('row').count();
    const before = await rows();
    await call('second');
    await waitFor('the call to appear', async () => (await rows()) === before + 1);
    await page.getByRole('button', { name: 'Pause' }).click();
    await call('third');
    await page.getByText('1 new call not shown').waitFor();
    expect(await rows()).toBe(before + 1);
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await waitFor('the held call to appear', async () => (await rows()) === before + 2);
    await page.context().setOffline(true);
    await call('fourth');
    await page.context().setOffline(false);
    await waitFor('the missed call to appear', async () => (await rows()) === before + 3, 60_000);
  });

  it('links from a bar and from a top list to the calls, and shows the bars as a table', async () => {
    await ui.gateway.admin.must('PATCH', '/api/servers/weather', { description: 'Marked in the chart.' });
    const page = await ui.openLoggedIn('/activity');
    const last = page.getByRole('link', { name: /: [1-9]\d* requests?,.* [1-9]\d* refusals?/ }).last();
    const [, at = ''] = /^(\d\d:\d\d): /.exec((await last.getAttribute('aria-label')) ?? '') ?? [];
    // Changes in this time are marked above the bars.
    const changes = page.getByRole('list', { name: 'Changes', exact: true });
    await changes
      .getByText(/Server changed: weather, by admin/)
      .first()
      .waitFor({ state: 'attached' });
    await page.getByText('As a table', { exact: true }).click();
    const table = page.getByRole('table', { name: 'Requests by time' });
    await table.getByRole('row', { name: new RegExp(`^${at} [1-9]`) }).waitFor();
    await last.click();
    await waitFor('the time in the URL', () => new URL(page.url()).searchParams.has('to'));
    await calls(page).getByText('get-sum').first().waitFor();
    // Other files of this run have called tools of that name too.
    await page
      .getByRole('region', { name: 'Top tools' })
      .locator('a[href*="server=weather"]', { hasText: 'echo' })
      .click();
    await waitFor('the tool in the URL', () => new URL(page.url()).searchParams.get('tool') === 'echo');
    await calls(page).getByText('echo').first().waitFor();
    await page.getByText('Week', { exact: true }).click();
    await waitFor('the range in the URL', () => new URL(page.url()).searchParams.get('range') === 'week');
  });

  it.each([
    ['JSON Lines', 'jsonl', /^\{.*"agent":"caller".*\}\n/],
    ['CSV', 'csv', /^id,at,.*\r\n\d+,/],
  ])('exports the shown calls as %s', async (button, format, expected) => {
    const page = await ui.openLoggedIn('/activity?agent=caller');
    await calls(page).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: button }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`calls.${format}`);
    const path = join(ui.gateway.dataDir, `exported.${format}`);
    await file.saveAs(path);
    expect(await readFile(path, 'utf8')).toMatch(expected);
  });
});

describe('the audit page', () => {
  it('shows who changed what with a diff, filtered by the URL, per server, and verifies the chain', async () => {
    await ui.gateway.admin.must('PATCH', '/api/servers/weather', { description: 'Forecasts by the hour.' });
    const page = await ui.openLoggedIn('/audit?action=server.changed');
    const entry = page.getByRole('list', { name: 'Changes, newest first' }).getByRole('listitem').first();
    await entry.getByText('description', { exact: true }).click();
    await entry.getByLabel('Before and after').getByText('Forecasts by the hour.').waitFor();
    expect(await entry.textContent()).toMatch(/user\s+admin, from 127/);
    await entry.getByRole('link', { name: 'weather' }).click();
    await page.getByRole('navigation', { name: 'Weather' }).getByRole('link', { name: 'Audit' }).click();
    const changes = page.getByRole('list', { name: 'Changes, newest first' });
    await changes.getByText('Server registered').first().waitFor();
    expect(await changes.getByText('Agent created').count()).toBe(0);
    await page.goto(`${ui.gateway.url}/ui/audit?actor=nobody`);
    await page.getByRole('heading', { name: 'No changes' }).waitFor();
    await page.goto(`${ui.gateway.url}/ui/audit`);
    await changes.getByText('Server registered').first().waitFor();
    await page.getByLabel('To', { exact: true }).fill('2020-01-01T08:00');
    await page.getByRole('heading', { name: 'No changes' }).waitFor();
    expect(new URL(page.url()).searchParams.get('to')).toMatch(/^20(19|20)-.*Z$/);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByLabel('From', { exact: true }).fill('2020-01-01T08:00');
    await changes.getByText('Server registered').first().waitFor();
    await page.getByRole('button', { name: 'Verify audit log' }).click();
    await page.getByText(/Audit log intact: \d+ rows verified/).waitFor();
  });
});
