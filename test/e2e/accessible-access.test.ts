import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { setUpBrowserTest } from './support/browser-test.ts';
import { findViolations, isTooWide, openLoaded } from './support/find-violations.ts';
import { logIn } from './support/log-in.ts';

const ui = setUpBrowserTest();
const PAGES: [path: string, heading: string][] = [
  ['/agents', 'Agents'],
  ['/agents/-/groups', 'Agents'],
  ['/agents/-/access', 'Agents'],
  ['/agents/-/access?on=weather', 'Agents'],
  ['/agents/coder', 'coder'],
  ['/agents/coder/grants', 'coder'],
  ['/agents/coder/limits', 'coder'],
  ['/agents/coder/audit', 'coder'],
  ['/servers/weather/-/limits', 'Weather'],
  ['/servers/weather/-/audit', 'Weather'],
  ['/activity', 'Activity'],
  ['/audit', 'Audit'],
];
const SIZES = [
  { name: 'wide', viewport: { width: 1280, height: 900 } },
  { name: 'phone', viewport: { width: 360, height: 800 } },
] as const;

beforeAll(async () => {
  const { admin, register, makeAgent } = ui.gateway;
  await register({ path: 'weather', name: 'Weather', url: ui.everything, tags: ['demo'] });
  await admin.must('POST', '/api/groups', { name: 'readers', description: 'May read.', grants: [{ server: '*' }] });
  const { key } = await makeAgent(
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
    const { items } = await admin.must<{ items: unknown[] }>('GET', '/api/calls?verdict=refused');
    return items.length > 0;
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  // Reduced motion, because the skeleton animation is infinite.
  const options = { colorScheme, reducedMotion: 'reduce' as const };
  async function open(viewport: { width: number; height: number }): Promise<Page> {
    const { page } = await ui.openPage({ ...options, viewport: { width: 1280, height: 900 } });
    await logIn(page, ui.gateway);
    await page.setViewportSize(viewport);
    return page;
  }

  it.each(SIZES)('has no violation of WCAG 2.2 AA on any page, and fits: $name', async ({ viewport }) => {
    const page = await open(viewport);
    for (const [path, heading] of PAGES) {
      await openLoaded(page, `${ui.gateway.url}/ui${path}`, heading);
      expect(await findViolations(page), path).toEqual([]);
      expect(await isTooWide(page), path).toBe(false);
    }
  });

  it.each(SIZES)('has none in forms, dialogs and details: $name', async ({ viewport }) => {
    const page = await open(viewport);
    const check = async (what: string) => {
      expect(await findViolations(page), what).toEqual([]);
      expect(await isTooWide(page), what).toBe(false);
    };
    await openLoaded(page, `${ui.gateway.url}/ui/activity`, 'Activity');
    await page
      .getByRole('button', { name: /Why was this refused/ })
      .first()
      .click();
    await page.getByRole('group', { name: 'Why was this refused?' }).waitFor();
    await check('a refused call');
    await openLoaded(page, `${ui.gateway.url}/ui/audit`, 'Audit');
    await page.getByText('Agent changed').first().click();
    await page.getByLabel('Before and after').waitFor();
    await check('a change');
    await openLoaded(page, `${ui.gateway.url}/ui/agents/coder/grants`, 'coder');
    await page.getByRole('button', { name: 'Edit the grant for weather' }).click();
    await page.getByLabel('Time zone').waitFor();
    await page.getByLabel('Tools', { exact: true }).fill('echo\nget-*');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText(/Of \d+ requests? of the last day/).waitFor();
    await check('the grant editor');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await openLoaded(page, `${ui.gateway.url}/ui/agents/coder/limits`, 'coder');
    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByRole('group', { name: 'Rule 2' }).waitFor();
    await check('the limit editor');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await openLoaded(page, `${ui.gateway.url}/ui/agents/coder`, 'coder');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('group', { name: 'New key' }).waitFor();
    await check('a new key');
    for (const button of [/^Edit the key/, /^Rotate the key/, /^Revoke the key/, 'Stop…']) {
      await page.getByRole('button', { name: button }).first().click();
      await page.getByRole('dialog').waitFor();
      await check(`the dialog of ${String(button)}`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    const { id } = await ui.gateway.admin.must<{ id: string }>('POST', '/api/kill', {
      scope: 'agent',
      target: 'coder',
      reason: 'we look into it',
    });
    await page.getByRole('region', { name: 'Kill switches that are on' }).waitFor();
    await check('a kill switch');
    await ui.gateway.admin.must('DELETE', `/api/kill/${id}`);
    await page.getByRole('region', { name: 'Kill switches that are on' }).waitFor({ state: 'detached' });
  });
});
