import { beforeAll, describe, expect, it } from 'vitest';
import type { AgentView, KeyView } from '../../registry/contract/index.ts';
import { connectClient, echo } from '../support/gateway/call-tool.ts';
import { waitFor } from '../support/wait-for.ts';
import { setUpBrowserTest } from './support/browser-test.ts';
import { callStatus } from './support/call-status.ts';
import { logIn } from './support/log-in.ts';

const ui = setUpBrowserTest();
const getAgent = (name: string) => ui.gateway.admin.must<AgentView>('GET', `/api/agents/${name}`);
const statusOf = (key: string, tool?: string) => callStatus(ui, key, tool);

beforeAll(async () => {
  await ui.gateway.register({ path: 'weather', name: 'Weather', url: ui.everything, tags: ['demo'] });
  await ui.gateway.register({ path: 'team/search', name: 'Search', url: ui.everything });
});

describe('the list of agents', () => {
  it('shows calls, refusals and last use, searches, sorts, and stores filters in the URL', async () => {
    const { key } = await ui.gateway.createAgent([{ server: 'weather', tools: ['echo'], resources: [], prompts: [] }], {
      name: 'busy',
    });
    await ui.gateway.createAgent(['team/*'], { name: 'quiet' });
    const client = await connectClient(`${ui.gateway.url}/weather/mcp`, key);
    for (let n = 0; n < 3; n += 1) await echo(client, 'hello');
    await client.close();
    expect(await statusOf(key, 'get-sum')).toBe(403);
    await waitFor('the calls to be counted', async () => {
      const { items } = await ui.gateway.admin.must<{ items: { agent: string; refused: number }[] }>(
        'GET',
        '/api/stats/agents?range=week',
      );
      return items.some(({ agent, refused }) => agent === 'busy' && refused === 1);
    });
    const page = await ui.openLoggedIn('/agents');
    const row = page.getByRole('row', { name: /^busy/ });
    await row.getByRole('link', { name: '1 refused calls of busy' }).waitFor();
    expect(await row.getByRole('cell').nth(3).textContent()).toBe('3');
    await page.getByLabel('Search agents, servers and keys').fill('team');
    await row.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /^quiet/ }).waitFor();
    expect(new URL(page.url()).search).toBe('?q=team');
    await page.goto(`${ui.gateway.url}/ui/agents?sort=calls`);
    // Sorted once the statistics are loaded, which is after the agents.
    await page.locator('a[data-row]').first().filter({ hasText: 'busy' }).waitFor();
    await row.getByRole('link', { name: '1 refused calls of busy' }).click();
    await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
    await page.getByRole('row', { name: /busy weather get-sum Refused 403/ }).waitFor();
  });

  it('disables an agent once the registry has responded, and the gate refuses it', async () => {
    const { key } = await ui.gateway.createAgent(['weather'], { name: 'switched' });
    const page = await ui.openLoggedIn('/agents');
    await page.getByRole('switch', { name: 'switched enabled' }).click();
    await page.getByRole('log').getByText('switched disabled').waitFor();
    expect(await statusOf(key)).toBe(403);
    await page.getByRole('row', { name: /^switched Disabled/ }).waitFor();
  });
});

describe('the page of an agent', () => {
  it('creates an agent, grants it one tool, creates a key that is shown once, and revokes it', async () => {
    const page = await ui.openLoggedIn('/agents');
    await page.getByRole('button', { name: 'New agent' }).click();
    const dialog = page.getByRole('dialog', { name: 'New agent' });
    await dialog.getByLabel('Name').fill('Not Valid');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByRole('alert').getByText('an agent name is').waitFor();
    await dialog.getByLabel('Name').fill('planner');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'planner', level: 1 }).waitFor();
    await page.getByText('Nothing is granted').waitFor();

    await page.getByRole('button', { name: 'Add grant' }).click();
    await page.getByLabel('Servers', { exact: true }).fill('weather');
    await page.getByText('Selected only').click();
    await page.getByLabel('Add to tools').selectOption('echo');
    await page.getByRole('button', { name: 'Save grants' }).click();
    await page.getByText('Grants saved').waitFor();
    expect((await getAgent('planner')).grants).toEqual([
      { server: 'weather', tools: ['echo'], resources: [], prompts: [] },
    ]);

    await page.getByRole('link', { name: /^Keys/ }).click();
    await page.getByLabel('Label').fill('laptop');
    await page.getByRole('button', { name: 'Create key' }).click();
    const created = page.getByRole('group', { name: 'New key' });
    const key = (await created.locator('code.key').textContent()) ?? '';
    expect(await created.getByLabel('Snippet for Claude Code', { exact: true }).textContent()).toContain(key);
    expect(await statusOf(key)).not.toBe(401);
    expect(await statusOf(key, 'get-sum')).toBe(403);
    await created.getByRole('button', { name: 'I have stored the key' }).click();
    expect(await page.content()).not.toContain(key);
    const [{ hint, expiresAt }] = (await getAgent('planner')).keys as [AgentView['keys'][0]];
    expect(Date.parse(expiresAt ?? '')).toBeGreaterThan(Date.now() + 80 * 86_400_000);

    await page.getByRole('button', { name: 'Revoke the key laptop' }).click();
    const confirmation = page.getByRole('dialog', { name: 'Revoke the key laptop?' });
    await confirmation.getByLabel(`Type “${hint}” to confirm`).fill(hint);
    await confirmation.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Key laptop revoked').waitFor();
    expect(await statusOf(key)).toBe(401);
    await page.getByText('It has no key').waitFor();
  });

  it('rotates a key with an overlap, and limits one to servers', async () => {
    const { key } = await ui.gateway.createAgent(['weather'], { name: 'rotated' });
    const page = await ui.openLoggedIn('/agents/rotated');
    await page.getByRole('button', { name: /^Rotate the key/ }).click();
    await page.getByLabel('The old key expires').selectOption('in a day');
    await page.getByLabel('Label of the new key').fill('renewed');
    await page.getByLabel('The new key expires').selectOption('in a year');
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate', exact: true }).click();
    const created = page.getByRole('group', { name: 'New key' });
    const fresh = (await created.locator('code.key').textContent()) ?? '';
    expect([await statusOf(key), await statusOf(fresh)]).not.toContain(401);
    await page.getByText(/^in \d+ hours$|^in 1 day$/).waitFor();
    const { items } = await ui.gateway.admin.must<{ items: KeyView[] }>('GET', '/api/agents/rotated/keys');
    const renewed = items.find(({ label }) => label === 'renewed');
    expect(Date.parse(renewed?.expiresAt ?? '') - Date.now()).toBeGreaterThan(360 * 86_400_000);
    await page.getByRole('button', { name: 'Edit the key renewed' }).click();
    await page.getByRole('dialog').getByLabel('Limited to servers').fill('team/*');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'team/*' }).waitFor();
    expect(await statusOf(fresh)).toBe(403);
  });

  it('limits an agent, reports an invalid rule, and shows the current usage', async () => {
    const { key } = await ui.gateway.createAgent(['weather'], { name: 'limited' });
    const page = await ui.openLoggedIn('/agents/limited/limits');
    await page.getByText('No limits.').waitFor();
    await page.getByRole('button', { name: 'Add rule' }).click();
    const rule = page.getByRole('group', { name: 'Rule 1' });
    await rule.getByLabel('Burst').fill('5');
    await rule.getByLabel('Calls per day').fill('2');
    await page.getByRole('button', { name: 'Save limits' }).click();
    await rule.getByRole('alert').getByText('a burst needs requestsPerSecond').waitFor();
    await rule.getByLabel('Burst').fill('');
    await page.getByRole('button', { name: 'Save limits' }).click();
    await page.getByText('Limits saved').waitFor();
    const client = await connectClient(`${ui.gateway.url}/weather/mcp`, key);
    await echo(client, 'one');
    await echo(client, 'two');
    await expect(echo(client, 'three')).rejects.toThrow();
    await client.close();
    await page.getByText('2 of 2').waitFor();
    // Changes by others are shown immediately; edits here are not overwritten.
    const { must } = ui.gateway.admin;
    await must('PUT', '/api/agents/limited/limits', { rules: [{ callsPerDay: 7 }] });
    await expect.poll(() => rule.getByLabel('Calls per day').inputValue()).toBe('7');
    await rule.getByLabel('Calls per day').fill('8');
    await must('PUT', '/api/agents/limited/limits', { rules: [{ callsPerDay: 6 }] });
    await page.getByText('Somebody else has changed these limits').waitFor();
    expect(await rule.getByLabel('Calls per day').inputValue()).toBe('8');
    await page.getByRole('button', { name: 'Discard and reload' }).click();
    await expect.poll(() => rule.getByLabel('Calls per day').inputValue()).toBe('6');
    // Limits set by a configuration are marked and cannot be edited here.
    const agents = { limited: { grants: [{ server: 'weather' }], limits: { rules: [{ callsPerDay: 9 }] } } };
    await must('POST', '/api/config/apply', { document: { agents }, source: 'ci' });
    await page.getByText('Set by ci').waitFor();
    expect(await page.getByRole('button', { name: 'Add rule' }).count()).toBe(0);
  });

  it('lets a viewer read, and states who may make changes', async () => {
    await ui.gateway.createAgent(['weather'], { name: 'watched' });
    const viewer = { username: 'vera', password: 'a long enough password' };
    await ui.gateway.admin.must('POST', '/api/users', { ...viewer, role: 'viewer' });
    const { page } = await ui.openPage();
    await logIn(page, ui.gateway, { path: '/agents/watched/grants', ...viewer });
    await page.getByText('Only administrators change grants').waitFor();
    await page.getByText('all tools, resources and prompts').waitFor();
    await page.getByRole('link', { name: /^Keys/ }).click();
    await page.getByText('Only administrators create and revoke keys').waitFor();
    expect(await page.getByRole('button', { name: /Revoke|Create key|Stop/ }).count()).toBe(0);
    await page.goto(`${ui.gateway.url}/ui/audit`);
    await page.getByText('Operators and administrators see who changed what').waitFor();
    await page.goto(`${ui.gateway.url}/ui/activity`);
    await page.getByText('Individual calls are shown to operators and administrators').waitFor();
  });
});
