import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import type { ServerStats, StatsView } from '../../registry/contract/index.ts';
import { connectClient, echo } from '../support/gateway/call-tool.ts';
import { waitFor } from '../support/wait-for.ts';
import { setUpBrowserTest } from './support/browser-test.ts';

const ui = setUpBrowserTest();
const table = (page: Page) => page.getByRole('table', { name: 'Servers' });
const rowOf = (page: Page, name: string) => table(page).getByRole('row').filter({ hasText: name });
const names = (page: Page) => table(page).getByRole('link').allTextContents();

beforeAll(async () => {
  await ui.gateway.register({ path: 'weather', name: 'Weather', url: ui.everything });
  await ui.gateway.register({ path: 'dead', name: 'Dead', url: 'http://127.0.0.1:11111/mcp' });
});

it('filters by every tag, even those without a button', async () => {
  const tags = Array.from({ length: 12 }, (_, n) => `kind-${n}`);
  await ui.gateway.register({ path: 'tagged', name: 'Tagged', url: ui.everything, tags });
  const page = await ui.openLoggedIn('/servers');
  await rowOf(page, 'Weather').waitFor();
  expect(await page.getByRole('button', { name: /^kind-9/ }).count()).toBe(0);
  await page.getByRole('combobox', { name: 'Other tags' }).selectOption('kind-9');
  await waitFor('one server', async () => (await names(page)).join() === 'Tagged');
  expect(new URL(page.url()).search).toBe('?tag=kind-9');
  await ui.gateway.admin.must('DELETE', '/api/servers/tagged');
});

it('shows the worst server first, with calls, errors and p95 of the last hour, and their trend', async () => {
  await ui.gateway.register({ path: 'counted', name: 'Counted', url: ui.everything });
  const { key } = await ui.gateway.createAgent(['counted']);
  const client = await connectClient(`${ui.gateway.url}/counted/mcp`, key);
  for (const message of ['one', 'two', 'three']) await echo(client, message);
  await client.close();
  // The page requests both; the registry caches its responses for seconds.
  await waitFor('the calls to be counted', async () => {
    const { items } = await ui.gateway.admin.must<ServerStats>('GET', '/api/stats/servers?range=hour');
    const { points } = await ui.gateway.admin.must<StatsView>('GET', '/api/stats?range=hour');
    return items.find(({ server }) => server === 'counted')?.calls === 3 && points.some(({ calls }) => calls > 0);
  });
  const page = await ui.openLoggedIn('/servers');
  const cell = (index: number) => rowOf(page, 'Counted').getByRole('cell').nth(index);
  await cell(2).getByText('3', { exact: true }).waitFor();
  expect(await cell(3).textContent()).toBe('0 %');
  expect(await cell(4).textContent()).toMatch(/^[\d.]+ m?s$/);
  await waitFor('the worst server first', async () => (await names(page))[0] === 'Dead');
  const tile = (label: string) => page.getByLabel('Statistics').locator('div').filter({ hasText: label });
  await tile('Calls, last hour').locator('svg').waitFor();
  // The counts of this minute and the current ones form a line.
  for (const label of ['Servers', 'Healthy', 'Tools']) await tile(label).locator('path[d*="L"]').first().waitFor();
  await ui.gateway.admin.must('DELETE', '/api/servers/counted');
});
