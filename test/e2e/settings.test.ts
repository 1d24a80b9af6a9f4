import { beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { setStage } from './support/browser-test.ts';

const stage = setStage();
const get = <T = Record<string, unknown>>(path: string) => stage.gateway.admin.must<T>('GET', path);

describe('the settings of a server', () => {
  beforeAll(async () => {
    await stage.gateway.register({
      path: 'weather',
      name: 'Weather',
      url: stage.everything,
      headers: { 'X-Old': 'secret-old' },
    });
  });

  it('saves what was changed and nothing else', async () => {
    const page = await stage.enter('/servers/weather/-/settings');
    await page.getByLabel('Tags').fill('Sunny, public');
    await page.getByLabel('Description').fill('Says how it will be.');
    await page.getByRole('button', { name: 'Remove X-Old' }).click();
    await page.getByRole('button', { name: 'Add a header' }).click();
    await page.getByLabel('Header name').fill('X-New');
    await page.getByLabel('Value of X-New').fill('secret-new');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Weather saved').waitFor();
    expect(await get('/api/servers/weather')).toMatchObject({
      name: 'Weather',
      tags: ['public', 'sunny'],
      description: 'Says how it will be.',
      headers: ['X-New'],
    });
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
    expect(await page.content()).not.toContain('secret-');
  });

  it('says at the field what the registry does not accept', async () => {
    const page = await stage.enter('/servers/weather/-/settings');
    await page.getByLabel('Tags').fill('fine bad!tag');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('alert').getByText('a tag is 1 to 40 of').waitFor();
    expect(await page.getByLabel('Tags').inputValue()).toBe('fine bad!tag');
    await page.getByRole('button', { name: 'Discard changes' }).click();
  });

  it('shows both states side by side when somebody else changed the same field', async () => {
    const page = await stage.enter('/servers/weather/-/settings');
    await page.getByLabel('Description').fill('mine');
    await page.getByLabel('Name', { exact: true }).fill('My weather');
    await stage.gateway.admin.must('PATCH', '/api/servers/weather', { description: 'theirs', tags: ['theirs'] });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Somebody else changed this meanwhile' });
    await dialog.waitFor();
    await dialog.getByText('mine', { exact: true }).waitFor();
    await dialog.getByText('theirs', { exact: true }).waitFor();
    await dialog.getByLabel('Stored now').check();
    await dialog.getByRole('button', { name: 'Save this' }).click();
    await page.getByText('My weather saved').waitFor();
    expect(await get('/api/servers/weather')).toMatchObject({
      name: 'My weather',
      description: 'theirs',
      tags: ['theirs'],
    });
  });

  it('asks before what was typed is lost', async () => {
    const page = await stage.enter('/servers/weather/-/settings');
    await page.getByLabel('Description').fill('not saved');
    await page.getByRole('link', { name: 'Settings', exact: true }).first().click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByLabel('Description').inputValue()).toBe('not saved');
    await page.getByRole('link', { name: 'Connect', exact: true }).first().click();
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByRole('heading', { name: 'Connect', level: 1 }).waitFor();
  });

  it('shows the part of NGINX, the tools with their parameters, and the checks', async () => {
    const page = await stage.enter('/servers/weather/-/config');
    await page.getByLabel('NGINX configuration', { exact: true }).waitFor();
    expect(await page.getByLabel('NGINX configuration', { exact: true }).textContent()).toContain('proxy_pass');
    await page.getByRole('link', { name: /^Tools/ }).click();
    await page.locator('summary', { hasText: 'get-sum' }).click();
    await page.getByRole('table', { name: 'Parameters of get-sum' }).getByText('number').first().waitFor();
    await page.getByLabel('Pinning').selectOption('Pinned: block changes');
    await page.getByText('Pinned: every tool is as approved').waitFor();
    await page.getByRole('link', { name: 'Health' }).click();
    await page
      .getByRole('heading', { name: 'Instances' })
      .or(page.getByRole('heading', { name: 'No checks yet' }))
      .waitFor();
  });
});

describe('the settings of the gateway', () => {
  it('changes the schedule of the checks, and says what is wrong with one', async () => {
    const page = await stage.enter('/settings');
    const schedule = page.getByLabel('Schedule');
    await schedule.fill('nonsense nonsense');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('alert').first().waitFor();
    await schedule.fill('*/20 * * * * *');
    await page.getByText('every 20 seconds').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Health checks changed').waitFor();
    expect(await get('/api/settings')).toMatchObject({ healthCron: '*/20 * * * * *' });
  });

  it('adds a user, changes the role, and removes the account only when its name is typed', async () => {
    const page = await stage.enter('/settings');
    await page.getByRole('button', { name: 'Add a user' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a user' });
    await dialog.getByLabel('User name').fill('ada');
    await dialog.getByLabel('Password').fill('a long enough password');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('ada may log in now').waitFor();
    await page.getByLabel('Role of ada').selectOption('viewer');
    await page.getByText('ada changed').waitFor();
    expect(await get('/api/users/ada')).toMatchObject({ role: 'viewer' });
    await page.getByRole('button', { name: 'More for ada' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    const question = page.getByRole('dialog', { name: 'Remove ada?' });
    expect(await question.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true);
    await question.getByLabel('Type “ada” to confirm').fill('ada');
    await question.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('ada removed').waitFor();
    await waitFor(
      'the account to be gone',
      async () => (await stage.gateway.admin.ask('GET', '/api/users/ada')).status === 404,
    );
  });

  it('changes the own password and keeps this session', async () => {
    const { page } = await stage.open();
    await stage.gateway.admin.must('POST', '/api/users', {
      username: 'bob',
      password: 'the first password',
      role: 'operator',
    });
    await page.goto(`${stage.gateway.url}/ui/settings`);
    await page.getByLabel('User name').fill('bob');
    await page.getByLabel('Password').fill('the first password');
    await page.keyboard.press('Enter');
    await page.getByLabel('Current password').fill('wrong password');
    await page.getByLabel('New password').fill('the second password');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByRole('alert').first().waitFor();
    await page.getByLabel('Current password').fill('the first password');
    await page.getByLabel('New password').fill('the second password');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('Password changed').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  });
});
