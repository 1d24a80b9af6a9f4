import type { Page } from 'playwright-core';
import type { Gateway } from '../../support/gateway/start-gateway.ts';

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
