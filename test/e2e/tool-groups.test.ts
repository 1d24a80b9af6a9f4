import { expect, it } from 'vitest';
import { setStage } from './support/stage.ts';

// The management server says of each of its tools what it does.
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
