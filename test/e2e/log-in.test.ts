import { describe, expect, it } from 'vitest';
import { setUpBrowserTest } from './support/browser-test.ts';
import { logIn } from './support/log-in.ts';

const ui = setUpBrowserTest();

describe('logging in', () => {
  it('redirects / to the login page, explains where the password is, and refuses a wrong one with the reason', async () => {
    const { page } = await ui.openPage();
    await page.goto(ui.gateway.url);
    await page.getByRole('heading', { name: 'Log in to mcpgw' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/ui/');
    await page.getByText('First login').click();
    await page.getByText('first-login.txt').waitFor();
    await page.getByLabel('User name').fill('admin');
    await page.getByLabel('Password').fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('the user name or the password is wrong').waitFor();
    expect(await page.getByLabel('User name').inputValue()).toBe('admin');
  });

  it('opens the requested page after the login', async () => {
    const { page } = await ui.openPage();
    await logIn(page, ui.gateway, { path: '/settings' });
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    expect(await page.title()).toBe('Settings · mcpgw');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in to mcpgw' }).waitFor();
  });

  it('redirects /ui/login to the home page, logged in or not', async () => {
    const { page } = await ui.openPage();
    await logIn(page, ui.gateway, { path: '/login' });
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/ui/');
    await page.goto(`${ui.gateway.url}/ui/login/?from=a-bookmark`);
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/ui/');
    expect(await page.getByText('Page not found').count()).toBe(0);
  });

  it('preserves the input when the session expires, and sends the request after the next login', async () => {
    const page = await ui.openLoggedIn('/register');
    await page.getByLabel('URL of the MCP server').fill(ui.everything);
    await page.getByText('Streamable HTTP').waitFor();
    await page.getByLabel('Path').fill('kept');
    // The session expires. Not during a request, whose response would set the cookie again.
    await page.waitForLoadState('networkidle');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Session expired' });
    await dialog.waitFor();
    expect(await dialog.getByLabel('User name').inputValue()).toBe('admin');
    await dialog.getByLabel('Password').fill(ui.gateway.env['ADMIN_PASSWORD'] ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/ui/servers/kept/-/connect');
  });

  it('shows a viewer no action that the registry would refuse', async () => {
    await ui.gateway.admin.must('POST', '/api/users', {
      username: 'vera',
      password: 'only looks at things',
      role: 'viewer',
    });
    const { page } = await ui.openPage();
    await page.goto(`${ui.gateway.url}/ui/`);
    await page.getByLabel('User name').fill('vera');
    await page.getByLabel('Password').fill('only looks at things');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'mcpgw', exact: true }).first().waitFor();
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
    expect(await page.getByRole('link', { name: 'Register a server' }).count()).toBe(0);
    expect(await page.getByRole('switch').count()).toBe(0);
  });
});
