import { expect, it } from 'vitest';
import { setStage } from './support/browser-test.ts';

// The management server is there from the first start, and says of each of its tools what it does.
const stage = setStage({ supervised: true });

it('groups tools by what their server says that they do', async () => {
  const page = await stage.enter('/servers/mcpgw/-/tools');
  const inGroup = (group: string, tool: string) => page.getByRole('region', { name: group }).getByText(tool);
  await inGroup('Read only', 'list_services').first().waitFor();
  await inGroup('Change something', 'register_service').first().waitFor();
  await inGroup('May destroy something', 'remove_service').first().waitFor();
  await page.getByLabel('Filter the tools').fill('remove_service');
  await page.getByRole('heading', { name: 'Read only' }).waitFor({ state: 'detached' });
  expect(await page.locator('details.tool').count()).toBe(1);
});

it('offers nothing for the built-in server that the registry refuses', async () => {
  const page = await stage.enter('/servers');
  await page.getByRole('button', { name: 'More for mcpgw' }).click();
  await page.getByRole('menuitem', { name: 'Check now' }).waitFor();
  expect(await page.getByRole('menuitem', { name: 'Remove' }).count()).toBe(0);
  await page.keyboard.press('Escape');
  expect(await page.getByRole('switch', { name: 'mcpgw is built in: always enabled' }).isDisabled()).toBe(true);
  await page.goto(`${stage.gateway.url}/ui/servers/mcpgw/-/settings`);
  await page.getByRole('button', { name: 'Check now' }).waitFor();
  await page.getByLabel('Description').waitFor();
  expect(await page.getByRole('switch', { name: /^mcpgw/ }).count()).toBe(0);
  expect(await page.getByRole('heading', { name: 'Danger zone' }).count()).toBe(0);
});
