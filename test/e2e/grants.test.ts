import { beforeAll, describe, expect, it } from 'vitest';
import type { AgentView } from '../../registry/contract/index.ts';
import { waitFor } from '../support/wait-for.ts';
import { setUpBrowserTest } from './support/browser-test.ts';
import { callStatus } from './support/call-status.ts';

const ui = setUpBrowserTest();
const getAgent = (name: string) => ui.gateway.admin.must<AgentView>('GET', `/api/agents/${name}`);
const statusOf = (key: string, tool?: string) => callStatus(ui, key, tool);

beforeAll(async () => {
  await ui.gateway.register({ path: 'weather', name: 'Weather', url: ui.everything, tags: ['demo'] });
  await ui.gateway.register({ path: 'team/search', name: 'Search', url: ui.everything });
});

describe('the grants of an agent', () => {
  it('shows the error of a grant at its field, and saves every kind of grant', async () => {
    await ui.gateway.createAgent(['weather'], { name: 'editor' });
    const page = await ui.openLoggedIn('/agents/editor/grants');
    await page.getByRole('button', { name: 'Add grant' }).click();
    await page.getByLabel('Servers', { exact: true }).fill('team/*');
    await page.getByText('Selected only').click();
    await page.getByLabel('Tools', { exact: true }).fill('!get_secret');
    await page.getByRole('button', { name: 'Save grants' }).click();
    await page.getByRole('alert').getByText('exclusions alone grant nothing').waitFor();
    await page.getByLabel('Tools', { exact: true }).fill('get_*\n!get_secret\nannotation:readOnly');
    await page.getByLabel('Resources', { exact: true }).fill('docs://*');
    await page.getByLabel('Only at certain hours').check();
    await page.getByRole('group', { name: 'Hours' }).getByLabel('Fri').uncheck();
    await page.getByLabel('Time zone').fill('Europe/Berlin');
    await page.getByRole('button', { name: 'Save grants' }).click();
    await page.getByText('Grants saved').waitFor();
    expect((await getAgent('editor')).grants[1]).toEqual({
      server: 'team/*',
      tools: ['get_*', '!get_secret', 'annotation:readOnly'],
      resources: ['docs://*'],
      prompts: [],
      hours: { days: ['mon', 'tue', 'wed', 'thu'], from: '09:00', to: '17:00', zone: 'Europe/Berlin' },
    });
    await page.getByRole('button', { name: 'Remove the grant for weather' }).click();
    await page.getByRole('link', { name: /^Keys/ }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await page.getByText('all tools, resources and prompts').waitFor();
  });

  it('previews which real calls a change would allow and deny', async () => {
    const { key } = await ui.gateway.createAgent([{ server: 'weather', tools: ['echo'], resources: [], prompts: [] }], {
      name: 'previewed',
    });
    expect(await statusOf(key, 'get-sum')).toBe(403);
    await waitFor('the refused call to be stored', async () => {
      const { items } = await ui.gateway.admin.must<{ items: unknown[] }>('GET', '/api/calls?agent=previewed');
      return items.length > 0;
    });
    const page = await ui.openLoggedIn('/agents/previewed/grants');
    await page.getByRole('button', { name: 'Edit the grant for weather' }).click();
    await page.getByLabel('Tools', { exact: true }).fill('get-*');
    await page.getByRole('button', { name: 'Preview', exact: true }).click();
    await page.getByRole('row', { name: /previewed weather get-sum 1 would be allowed/ }).waitFor();
    const refused = page.getByRole('list', { name: 'Tools that would be refused' });
    await refused.getByText('weather echo').waitFor();
    expect((await getAgent('previewed')).grants[0]?.tools).toEqual(['echo']);
  });

  it('checks the access of an agent, and shows the access of all agents', async () => {
    await ui.gateway.createAgent([{ server: 'weather', tools: ['echo'], resources: [], prompts: [] }], {
      name: 'asked',
    });
    const page = await ui.openLoggedIn('/agents/-/access?q=asked');
    await page.getByRole('row', { name: /^asked.*some/ }).waitFor();
    await page.getByLabel('Agent', { exact: true }).fill('asked');
    await page.getByLabel('Server', { exact: true }).fill('weather');
    await page.getByLabel('Name').fill('get-sum');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText('asked → weather tool get-sum').waitFor();
    await page.getByText('No', { exact: true }).waitFor();
    await page.getByLabel('Name').fill('echo');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText('Yes', { exact: true }).waitFor();
    // With a key that is limited to another server, and at a time when it has expired.
    const { items } = await ui.gateway.admin.must<{ items: { id: string }[] }>('GET', '/api/agents/asked/keys');
    const key = `/api/agents/asked/keys/${items[0]?.id ?? ''}`;
    await ui.gateway.admin.must('PATCH', key, {
      label: 'narrow',
      servers: ['team/*'],
      expiresAt: '2099-01-01T00:00:00Z',
    });
    await page.reload();
    await page.getByLabel('Agent', { exact: true }).fill('asked');
    await page.getByLabel('Server', { exact: true }).fill('team/search');
    await page.getByLabel('Key', { exact: true }).selectOption({ index: 1 });
    await page.getByLabel(/^Time/).fill('2100-01-01T12:00');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText(/^asked → team\/search at /).waitFor();
    await page
      .getByText(/expired/)
      .first()
      .waitFor();
    await page.getByRole('columnheader', { name: 'weather' }).getByRole('link').click();
    await page.getByLabel('Search tools').fill('echo');
    await page.getByRole('row', { name: /^asked yes/ }).waitFor();
  });
});

describe('groups', () => {
  it('creates a group with a grant and an agent, which may then use it', async () => {
    const { key } = await ui.gateway.createAgent(
      [{ server: 'weather', tools: ['get-sum'], resources: [], prompts: [] }],
      { name: 'member' },
    );
    expect(await statusOf(key, 'echo')).toBe(403);
    await waitFor('the refused call to be stored', async () => {
      const { items } = await ui.gateway.admin.must<{ items: unknown[] }>('GET', '/api/calls?agent=member');
      return items.length > 0;
    });
    const page = await ui.openLoggedIn('/agents/-/groups');
    await page.getByRole('button', { name: 'New group' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('readers');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    const group = page.getByRole('region', { name: 'readers' });
    await group.getByRole('button', { name: 'Add grant' }).click();
    await group.getByLabel('Servers', { exact: true }).fill('weather');
    await group.getByRole('button', { name: 'Save grants' }).click();
    await page.getByText('Grants of readers saved').waitFor();
    await group.getByLabel('Add an agent to readers').selectOption('member');
    // The effect is shown before saving.
    const joining = page.getByRole('dialog', { name: 'Add member to readers?' });
    await joining.getByRole('row', { name: /member weather echo 1 would be allowed/ }).waitFor();
    await joining.getByRole('list', { name: 'Tools that would be allowed' }).getByText('weather echo').waitFor();
    expect((await getAgent('member')).groups).toEqual([]);
    await joining.getByRole('button', { name: 'Add' }).click();
    await group.getByRole('link', { name: 'member' }).waitFor();
    expect(await statusOf(key, 'echo')).not.toBe(403);
    await group.getByRole('button', { name: 'Remove member from readers' }).click();
    const leaving = page.getByRole('dialog', { name: 'Remove member from readers?' });
    await leaving.getByRole('list', { name: 'Tools that would be refused' }).getByText('weather echo').waitFor();
    await leaving.getByRole('button', { name: 'Cancel' }).click();
    await leaving.waitFor({ state: 'detached' });
    await page.goto(`${ui.gateway.url}/ui/agents?group=readers`);
    await page.getByRole('row', { name: /^member/ }).waitFor();
    await waitFor('one agent', async () => (await page.locator('a[data-row]').count()) === 1);
  });
});
