import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChangingTools, type ChangingFixture } from '../fixtures/backends/changing-tools.ts';
import { BACKEND_TOKEN, startNeedsBearer } from '../fixtures/backends/needs-bearer.ts';
import { startPoisonedTools } from '../fixtures/backends/poisoned-tools.ts';
import { serveRaw } from '../fixtures/kit/serve-raw.ts';
import type { ListedTool } from '../fixtures/kit/tool-server.ts';
import { setStage } from './support/browser-test.ts';

const stage = setStage();
const ends: { close: () => Promise<void> }[] = [];
let changing: ChangingFixture;
let bearerUrl = '';

describe('tools and credentials', () => {
  beforeAll(async () => {
    const poisoned = await startPoisonedTools();
    const bearer = await startNeedsBearer();
    changing = await startChangingTools();
    ends.push(poisoned, bearer, changing);
    bearerUrl = bearer.url;
    await stage.gateway.register({ path: 'poisoned', name: 'Poisoned', url: poisoned.url });
    await stage.gateway.register({ path: 'changing', name: 'Changing', url: changing.url });
  });
  afterAll(async () => {
    for (const end of ends) await end.close();
  });

  it('flags texts that try to steer the model, and runs none of their markup', async () => {
    const page = await stage.enter('/servers/poisoned/-/tools');
    const tool = page.locator('details', { hasText: 'instructs_model' }).first();
    await tool
      .locator('summary')
      .getByText(/flagged/)
      .waitFor();
    await tool.locator('summary').click();
    await tool.locator('.note').first().waitFor();
    await page.locator('summary', { hasText: 'brings_markup' }).click();
    await page.getByText('<img src=x onerror=').first().waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, 'poisoned') as unknown)).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    // The search over all servers says so too.
    await page.keyboard.press('Control+k');
    await page.keyboard.type('instructs');
    await page.getByRole('option', { name: /^instructs_model \d flagged poisoned$/ }).waitFor();
  });

  it('shows how a pinned tool changed, and lets it be approved', async () => {
    const page = await stage.enter('/servers/changing/-/tools');
    await page.getByLabel('Pinning').selectOption('Pinned: block changes');
    await page.getByText('Pinned: every tool is as approved').waitFor();
    await changing.put({ name: 'first', description: 'The first tool, now with other words.' });
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('1 change to look at').waitFor();
    const tool = page.locator('details.tool', { hasText: 'first' });
    await tool.getByText('Blocked').waitFor();
    const diff = tool.getByLabel('Changes of first');
    await diff.waitFor();
    expect(await diff.innerText()).toContain('The first tool.');
    expect(await diff.innerText()).toContain('now with other words');
    await tool.getByRole('button', { name: 'Approve this definition' }).click();
    await page.getByText('first approved').waitFor();
    await page.getByText('Pinned: every tool is as approved').waitFor();
    await page.getByRole('heading', { name: 'Changes' }).waitFor();
  });

  it('names a tool that is listed wrongly, and shows the others', async () => {
    const odd = { name: 'odd<b>', annotations: { readOnlyHint: 'yes' } } as unknown as ListedTool;
    const server = await serveRaw({ name: 'wrong', tools: [{ name: 'fine' }, odd] });
    ends.push(server);
    await stage.gateway.register({ path: 'wrong', name: 'Wrong', url: server.url });
    const page = await stage.enter('/servers/wrong/-/tools');
    await page.locator('details.tool', { hasText: 'fine' }).waitFor();
    const note = page.locator('.note', { hasText: 'Listed wrongly' });
    await note.getByText('odd<b>', { exact: true }).waitFor();
    expect(await note.innerText()).toContain('annotations.readOnlyHint: expected boolean, received string');
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('tools that it lists wrongly are left out').first().waitFor();
  });

  it('shows which instance lists a pinned tool otherwise, and what it lists', async () => {
    const second = await startChangingTools();
    ends.push(second);
    await stage.gateway.register({ path: 'two', name: 'Two', instances: [{ url: changing.url }, { url: second.url }] });
    await second.put({ name: 'first', description: 'The first tool, as only one instance has it.' });
    const page = await stage.enter('/servers/two/-/tools');
    await page.getByLabel('Pinning').selectOption('Pinned: block changes');
    await page.getByRole('button', { name: 'Check now' }).click();
    const tool = page.locator('details.tool', { hasText: 'first' });
    await tool.getByText('Blocked').waitFor();
    await tool.getByRole('heading', { name: `Otherwise on ${second.url}` }).waitFor();
    await tool.getByLabel(`first on ${second.url}`).getByText('as only one instance has it').waitFor();
    await tool.getByText('when every instance lists the definition that was approved').waitFor();
  });

  it('asks for the credentials that a server wants, and finds it working with them', async () => {
    const page = await stage.enter('/register');
    await page.getByLabel('URL of the MCP server').fill(bearerUrl);
    const header = page.getByLabel('Value of Authorization');
    await header.waitFor();
    await header.fill(`Bearer ${BACKEND_TOKEN}`);
    await page.locator('.findings').getByText('Healthy', { exact: true }).waitFor();
    await page.getByLabel('Path').fill('guarded');
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('Healthy', { exact: true }).first().waitFor();
    expect(await page.content()).not.toContain(BACKEND_TOKEN);
    const shown = await stage.gateway.admin.must<{ headers: string[] }>('GET', '/api/servers/guarded');
    expect(shown.headers).toEqual(['Authorization']);
  });
});
