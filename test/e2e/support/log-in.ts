import type { Page } from 'playwright-core';
import type { Gateway } from '../../support/gateway/start-gateway.ts';

/** Logs in as the administrator with the keyboard only, from the login page to the servers. */
export async function logInByKeyboard(page: Page, gateway: Pick<Gateway, 'url' | 'env'>): Promise<void> {
  await page.goto(`${gateway.url}/ui/`);
  await page.getByRole('heading', { name: 'Log in to mcpgw' }).waitFor();
  await page.keyboard.type('admin');
  await page.keyboard.press('Tab');
  await page.keyboard.type(gateway.env['ADMIN_PASSWORD'] ?? '');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
}

/** Opens the UI at `path` (below /ui) and logs in as the administrator, or as another user. */
export async function logIn(
  page: Page,
  gateway: Pick<Gateway, 'url' | 'env'>,
  { path = '/', username = 'admin', password = gateway.env['ADMIN_PASSWORD'] ?? '' } = {},
): Promise<void> {
  await page.goto(`${gateway.url}/ui${path}`);
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
}
