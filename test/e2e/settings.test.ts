import { beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '../support/gateway/admin-client.ts';
import { waitFor } from '../support/wait-for.ts';
import { setUpBrowserTest } from './support/browser-test.ts';

const ui = setUpBrowserTest();
const get = <T = Record<string, unknown>>(path: string) => ui.gateway.admin.must<T>('GET', path);

describe('the settings of a server', () => {
  beforeAll(async () => {
    await ui.gateway.register({
      path: 'weather',
      name: 'Weather',
      url: ui.everything,
      headers: { 'X-Old': 'secret-old' },
    });
  });

  it('saves only what was changed', async () => {
    const page = await ui.openLoggedIn('/servers/weather/-/settings');
    await page.getByLabel('Tags').fill('Sunny, public');
    await page.getByLabel('Description').fill('Weather forecasts');
    await page.getByRole('button', { name: 'Remove X-Old' }).click();
    await page.getByRole('button', { name: 'Add header' }).click();
    await page.getByLabel('Header name').fill('X-New');
    await page.getByLabel('Value of X-New').fill('secret-new');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Weather saved').waitFor();
    expect(await get('/api/servers/weather')).toMatchObject({
      name: 'Weather',
      tags: ['public', 'sunny'],
      description: 'Weather forecasts',
      headers: ['X-New'],
    });
    await expect.poll(() => page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
    expect(await page.content()).not.toContain('secret-');
  });

  it('shows the validation error of the registry at the field', async () => {
    const page = await ui.openLoggedIn('/servers/weather/-/settings');
    await page.getByLabel('Tags').fill('fine bad!tag');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('alert').getByText('a tag is 1 to 40 of').waitFor();
    expect(await page.getByLabel('Tags').inputValue()).toBe('fine bad!tag');
    await page.getByRole('button', { name: 'Discard changes' }).click();
  });

  it('shows both values when another user changed the same field', async () => {
    const page = await ui.openLoggedIn('/servers/weather/-/settings');
    await page.getByLabel('Description').fill('mine');
    await page.getByLabel('Name', { exact: true }).fill('My weather');
    await ui.gateway.admin.must('PATCH', '/api/servers/weather', { description: 'theirs', tags: ['theirs'] });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Conflicting changes' });
    await dialog.waitFor();
    await dialog.getByText('mine', { exact: true }).waitFor();
    await dialog.getByText('theirs', { exact: true }).waitFor();
    await dialog.getByLabel('Current value').check();
    await dialog.getByRole('button', { name: 'Save selection' }).click();
    await page.getByText('My weather saved').waitFor();
    expect(await get('/api/servers/weather')).toMatchObject({
      name: 'My weather',
      description: 'theirs',
      tags: ['theirs'],
    });
  });

  it('prompts before unsaved changes are lost', async () => {
    const page = await ui.openLoggedIn('/servers/weather/-/settings');
    await page.getByLabel('Description').fill('not saved');
    await page.getByRole('link', { name: 'Settings', exact: true }).first().click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByLabel('Description').inputValue()).toBe('not saved');
    await page.getByRole('link', { name: 'Connect', exact: true }).first().click();
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByRole('heading', { name: 'Connect', level: 1 }).waitFor();
  });

  it('shows the NGINX configuration, the tools with their parameters, and the checks', async () => {
    const page = await ui.openLoggedIn('/servers/weather/-/config');
    await page.getByLabel('NGINX configuration', { exact: true }).waitFor();
    expect(await page.getByLabel('NGINX configuration', { exact: true }).textContent()).toContain('proxy_pass');
    await page
      .getByRole('navigation', { name: 'Weather' })
      .getByRole('link', { name: /^Tools/ })
      .click();
    await page.getByRole('group', { name: 'Tool get-sum' }).getByText('get-sum', { exact: true }).click();
    const parameters = page.getByRole('table', { name: 'Parameters of get-sum' });
    await parameters.getByText('number').first().waitFor();
    expect(await parameters.getByRole('cell').first().innerText()).toMatch(/^a\s+required$/);
    await page.getByLabel('Tool lock').selectOption('On change: block');
    await page.getByText('Locked: all tools match the approved definitions').waitFor();
    await page.getByRole('link', { name: 'Health' }).click();
    await page
      .getByRole('heading', { name: 'Instances' })
      .or(page.getByRole('heading', { name: 'No checks yet' }))
      .waitFor();
  });

  it('marks on a phone that there are more tabs than fit', async () => {
    const page = await ui.openLoggedIn('/servers/weather', { viewport: { width: 360, height: 800 } });
    await page.locator('nav[data-more=right]').waitFor();
    await page.locator('nav[data-more]').getByRole('link', { name: 'Settings', exact: true }).scrollIntoViewIfNeeded();
    await page.locator('nav[data-more=left]').waitFor();
  });
});

describe('a server and an agent managed by a configuration', () => {
  it('are marked and cannot be changed here, until an administrator takes them over', async () => {
    await ui.gateway.admin.must('POST', '/api/config/apply', {
      source: 'team.yaml',
      document: {
        servers: { owned: { url: ui.everything, name: 'Owned' } },
        agents: { robot: { grants: [{ server: 'owned' }] } },
      },
    });
    const page = await ui.openLoggedIn('/servers');
    const row = page.getByRole('row').filter({ hasText: 'Owned' });
    expect(await row.getByRole('switch', { name: 'Owned is managed by team.yaml' }).isDisabled()).toBe(true);
    expect(await row.getByRole('checkbox').count()).toBe(0);
    await page.goto(`${ui.gateway.url}/ui/agents/robot/grants`);
    await page.getByText('Managed by team.yaml').waitFor();
    expect(await page.getByRole('button', { name: 'Add grant' }).count()).toBe(0);
    await page.goto(`${ui.gateway.url}/ui/servers/owned/-/settings`);
    await page.getByText('Managed by team.yaml').waitFor();
    expect(await page.getByLabel('Description').isDisabled()).toBe(true);
    expect(await page.getByRole('heading', { name: 'Danger zone' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Take over…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take over' }).click();
    await page.getByText('Managed by team.yaml').waitFor({ state: 'detached' });
    await page.getByLabel('Description').fill('Ours now.');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Owned saved').waitFor();
    // No managed resources remain for the next test file.
    await ui.gateway.admin.must('POST', '/api/config/take-over', { kind: 'agent', name: 'robot' });
  });
});

describe('recording', () => {
  it('is configured by an administrator for each server', async () => {
    const page = await ui.openLoggedIn('/servers/weather/-/settings');
    await page.getByLabel('Tool errors').check();
    await page.getByLabel('Redacted members').fill('iban, ssn');
    await page.getByRole('button', { name: 'Save recording' }).click();
    await page.getByText('Recording saved').waitFor();
    expect(await get('/api/servers/weather/recording')).toEqual({
      ...{ toolErrors: true, arguments: false, results: false },
      redact: ['iban', 'ssn'],
    });
  });
});

describe('the settings of the gateway', () => {
  it('changes the check schedule, and shows why one is invalid', async () => {
    const page = await ui.openLoggedIn('/settings');
    const schedule = page.getByLabel('Schedule');
    await schedule.fill('nonsense nonsense');
    await page.getByRole('alert').filter({ hasText: 'six fields' }).waitFor();
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
    await schedule.fill('*/20 * * * * *');
    await page.getByText('Every 20 seconds').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Health check settings saved').waitFor();
    expect(await get('/api/settings')).toMatchObject({ healthCron: '*/20 * * * * *' });
  });

  it('adds a user, changes the role, and removes the user only after the name is typed', async () => {
    const page = await ui.openLoggedIn('/settings');
    await page.getByRole('button', { name: 'Add user' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add user' });
    await dialog.getByLabel('User name').fill('ada');
    await dialog.getByLabel('Password').fill('a long enough password');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('ada added').waitFor();
    await page.getByLabel('Role of ada').selectOption('viewer');
    await page.getByText('ada updated').waitFor();
    expect(await get('/api/users/ada')).toMatchObject({ role: 'viewer' });
    const ada = await signIn(ui.gateway.url, 'ada', 'a long enough password');
    await page.getByRole('button', { name: 'Actions for ada' }).click();
    await page.getByRole('menuitem', { name: 'Log out everywhere' }).click();
    await page.getByText('1 session ended').waitFor();
    expect((await ada.ask('GET', '/api/servers')).status).toBe(401);
    await page.getByRole('button', { name: 'Actions for ada' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    const confirmation = page.getByRole('dialog', { name: 'Remove ada?' });
    expect(await confirmation.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true);
    await confirmation.getByLabel('Type “ada” to confirm').fill('ada');
    await confirmation.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('ada removed').waitFor();
    await waitFor(
      'the user to be deleted',
      async () => (await ui.gateway.admin.ask('GET', '/api/users/ada')).status === 404,
    );
  });

  it('changes the password of the current user and keeps the session', async () => {
    const { page } = await ui.openPage();
    await ui.gateway.admin.must('POST', '/api/users', {
      username: 'bob',
      password: 'the first password',
      role: 'operator',
    });
    await page.goto(`${ui.gateway.url}/ui/settings`);
    await page.getByLabel('User name').fill('bob');
    await page.getByLabel('Password').fill('the first password');
    await page.keyboard.press('Enter');
    await page.getByLabel('Current password').fill('wrong password');
    await page.getByLabel('New password').fill('the second password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('alert').first().waitFor();
    await page.getByLabel('Current password').fill('the first password');
    await page.getByLabel('New password').fill('the second password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Password changed').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  });
});
