import { describe, expect, it } from 'vitest';
import { setStage } from './support/browser-test.ts';

const stage = setStage();

describe('logging in', () => {
  it('leads from / to the login page, says where the password is, and refuses a wrong one with the reason', async () => {
    const { page } = await stage.open();
    await page.goto(stage.gateway.url);
    await page.getByRole('heading', { name: 'Log in to mcpgw' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/ui/');
    await page.getByText('First time here?').click();
    await page.getByText('first-login.txt').waitFor();
    await page.getByLabel('User name').fill('admin');
    await page.getByLabel('Password').fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('the user name or the password is wrong').waitFor();
    expect(await page.getByLabel('User name').inputValue()).toBe('admin');
  });

  it('opens the page that was asked for, and comes back to it after logging in', async () => {
    const page = await stage.enter('/settings');
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    expect(await page.title()).toBe('Settings · mcpgw');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in to mcpgw' }).waitFor();
  });

  it('leads home from /ui/login, whoever was logged in before and whoever logs in there', async () => {
    const page = await stage.enter('/login');
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/ui/');
    await page.goto(`${stage.gateway.url}/ui/login/?from=a-bookmark`);
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/ui/');
    expect(await page.getByText('There is no such page').count()).toBe(0);
  });

  it('keeps what was typed when the session ends, and does what was asked for after logging in again', async () => {
    const page = await stage.enter('/register');
    await page.getByLabel('URL of the MCP server').fill(stage.everything);
    await page.getByText('Streamable HTTP').waitFor();
    await page.getByLabel('Path').fill('kept');
    // The session ends on the server, as by a restart with another key or its expiry.
    // Not while an answer is on its way that would bring the cookie back.
    await page.waitForLoadState('networkidle');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    expect(await dialog.getByLabel('User name').inputValue()).toBe('admin');
    await dialog.getByLabel('Password').fill(stage.gateway.env['ADMIN_PASSWORD'] ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/ui/servers/kept/-/connect');
  });

  it('shows a viewer no button that the registry would refuse', async () => {
    await stage.gateway.admin.must('POST', '/api/users', {
      username: 'vera',
      password: 'only looks at things',
      role: 'viewer',
    });
    const { page } = await stage.open();
    await page.goto(`${stage.gateway.url}/ui/`);
    await page.getByLabel('User name').fill('vera');
    await page.getByLabel('Password').fill('only looks at things');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'mcpgw', exact: true }).first().waitFor();
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
    expect(await page.getByRole('link', { name: 'Register a server' }).count()).toBe(0);
    expect(await page.getByRole('switch').count()).toBe(0);
  });
});
