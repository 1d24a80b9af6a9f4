import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry, GenerationView, Page as ListPage } from '../../registry/contract/index.ts';
import { setUpBrowserTest } from './support/browser-test.ts';

const ui = setUpBrowserTest();
const generationOf = (page: Page, number: number) =>
  page
    .getByRole('region', { name: 'Generations' })
    .locator('details')
    .filter({ has: page.locator('summary .number', { hasText: new RegExp(`^${number}$`) }) });
const newest = async () => {
  const { items } = await ui.gateway.admin.must<ListPage<GenerationView>>('GET', '/api/generations?limit=10');
  return items;
};

describe('the gateway page', () => {
  beforeAll(async () => {
    await ui.gateway.register({ path: 'weather', name: 'Weather', url: ui.everything });
    await ui.gateway.register({ path: 'second', name: 'Second', url: ui.everything });
  });

  it('shows each generation with its changes and the output of nginx -t', async () => {
    const [current] = await newest();
    const page = await ui.openLoggedIn('/gateway');
    await page.getByText(`Generation ${current?.number ?? 0} is live`).waitFor();
    const item = generationOf(page, current?.number ?? 0);
    await item.locator('summary').click();
    await item.getByText('nginx -t', { exact: true }).waitFor();
    expect(await item.textContent()).toContain('test is successful');
    // This generation added the server that was registered last.
    await item.locator('.added', { hasText: '/second' }).first().waitFor();
  });

  it('shows processes, workers, versions and settings, and nothing secret', async () => {
    const page = await ui.openLoggedIn('/gateway');
    const processes = page.getByRole('list', { name: 'Processes', exact: true });
    await processes.getByRole('listitem').filter({ hasText: 'NGINX' }).getByText('Running').waitFor();
    await processes.getByRole('listitem').filter({ hasText: 'Registry' }).getByText('Running').waitFor();
    // This gateway runs without its supervisor, so nothing started the management server.
    await processes.getByRole('listitem').filter({ hasText: 'Management server' }).getByText('Down').waitFor();
    await processes.getByRole('listitem').filter({ hasText: 'Bridge' }).getByText('Off', { exact: true }).waitFor();
    await page.getByText(/NGINX \d+\.\d+\.\d+ · Node \d+/).waitFor();
    await page.getByText(/accepts? connections;\s+(none is|1 is|\d+ are) draining/).waitFor();
    const row = page.getByRole('row', { name: /^ADMIN_PASSWORD/ });
    expect(await row.textContent()).toContain('(secret)');
    expect(await page.textContent('body')).not.toContain(ui.gateway.env['ADMIN_PASSWORD']);
    const docs = page.getByRole('link', { name: 'API documentation' });
    expect((await page.request.get(new URL((await docs.getAttribute('href')) ?? '', page.url()).href)).status()).toBe(
      200,
    );
  });

  it('names a rejected server with the reason', async () => {
    await ui.gateway.admin.ask('POST', '/api/servers', { path: 'lost', url: 'http://no-such-name.invalid:1/mcp' });
    const page = await ui.openLoggedIn('/gateway');
    const rejected = page.getByRole('list', { name: 'Rejected servers' }).first();
    await rejected.getByText(/no-such-name\.invalid/).waitFor();
    await rejected.getByRole('link', { name: 'lost' }).click();
    await page.getByRole('heading', { name: 'lost', level: 1 }).waitFor();
    await ui.gateway.admin.must('DELETE', '/api/servers/lost');
  });

  it('rolls back with a reason, which the page and the audit log show, until the next change', async () => {
    const [current, ...older] = await newest();
    // One with fewer servers, so that the next publish has something to add.
    const before =
      older.find(({ state, servers }) => state === 'verified' && servers < (current?.servers ?? 0))?.number ?? 0;
    const page = await ui.openLoggedIn('/gateway');
    await generationOf(page, before).locator('summary').click();
    await page.getByRole('button', { name: `Roll back to ${before}…` }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Roll back', exact: true }).isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('the second server misbehaves');
    await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
    await page.getByText(`Generation ${before} is live`).waitFor();
    await page.getByText(/Rolled back to generation \d+ by admin[\s\S]*Reason: the second server misbehaves/).waitFor();
    const { items } = await ui.gateway.admin.must<ListPage<AuditEntry>>('GET', '/api/audit?limit=20');
    expect(items.find(({ action }) => action === 'generation.rolled_back')?.after).toEqual({
      generation: before,
      reason: 'the second server misbehaves',
    });
    const review = await ui.openLoggedIn('/review');
    const item = review.getByRole('listitem').filter({ hasText: `Rolled back to generation ${before} by admin` });
    await item.getByText('It ends with the next change of a server').waitFor();
    // The next publish would apply what was rolled back.
    await page.getByRole('region', { name: 'Next publish' }).locator('.added').first().waitFor();
    await ui.gateway.admin.must('PATCH', '/api/servers/weather', { description: 'changed' });
    await page.getByText(/^Rolled back to generation/).waitFor({ state: 'detached' });
    await item.waitFor({ state: 'detached' });
    expect((await newest())[0]?.number).toBeGreaterThan(current?.number ?? 0);
  });
});
