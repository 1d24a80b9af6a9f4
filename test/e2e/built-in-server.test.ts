import { expect, it } from 'vitest';
import { setUpBrowserTest } from './support/browser-test.ts';

// The management server exists from the first start, and all its tools have annotations.
const ui = setUpBrowserTest({ supervised: true });

it('groups tools by their annotations', async () => {
  const page = await ui.openLoggedIn('/servers/mcpgw/-/tools');
  const inGroup = (group: string, tool: string) => page.getByRole('region', { name: group }).getByText(tool);
  await inGroup('Read-only', 'list_services').first().waitFor();
  await inGroup('Modifies data', 'register_service').first().waitFor();
  await inGroup('Destructive', 'remove_service').first().waitFor();
  await page.getByLabel('Filter tools').fill('remove_service');
  await page.getByRole('heading', { name: 'Read-only' }).waitFor({ state: 'detached' });
  expect(await page.getByRole('group', { name: /^Tool / }).count()).toBe(1);
});

it('hides actions that the registry refuses for the built-in server', async () => {
  const page = await ui.openLoggedIn('/servers');
  await page.getByRole('button', { name: 'Actions for mcpgw' }).click();
  await page.getByRole('menuitem', { name: 'Check now' }).waitFor();
  expect(await page.getByRole('menuitem', { name: 'Remove' }).count()).toBe(0);
  await page.keyboard.press('Escape');
  expect(await page.getByRole('switch', { name: 'mcpgw is built in and cannot be disabled' }).isDisabled()).toBe(true);
  await page.goto(`${ui.gateway.url}/ui/servers/mcpgw/-/settings`);
  await page.getByRole('button', { name: 'Check now' }).waitFor();
  await page.getByLabel('Description').waitFor();
  expect(await page.getByRole('switch', { name: /^mcpgw/ }).count()).toBe(0);
  expect(await page.getByRole('heading', { name: 'Danger zone' }).count()).toBe(0);
});
