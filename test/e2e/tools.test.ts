import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToolsView } from '../../registry/contract/index.ts';
import { startChangingTools, type ChangingFixture } from '../fixtures/backends/tools/changing-tools.ts';
import { BACKEND_TOKEN, startNeedsBearer } from '../fixtures/backends/compliant/needs-bearer.ts';
import { startPoisonedTools } from '../fixtures/backends/tools/poisoned-tools.ts';
import { serveRaw } from '../fixtures/kit/serve-raw.ts';
import type { ListedTool } from '../fixtures/kit/tool-server.ts';
import { setUpBrowserTest } from './support/browser-test.ts';

const ui = setUpBrowserTest();
const fixtures: { close: () => Promise<void> }[] = [];
let changing: ChangingFixture;
let bearerUrl = '';

describe('tools and credentials', () => {
  beforeAll(async () => {
    const poisoned = await startPoisonedTools();
    const bearer = await startNeedsBearer();
    changing = await startChangingTools();
    fixtures.push(poisoned, bearer, changing);
    bearerUrl = bearer.url;
    await ui.gateway.register({ path: 'poisoned', name: 'Poisoned', url: poisoned.url });
    await ui.gateway.register({ path: 'changing', name: 'Changing', url: changing.url });
  });
  afterAll(async () => {
    for (const fixture of fixtures) await fixture.close();
  });

  it('flags prompt injection, and renders no markup of tools', async () => {
    const page = await ui.openLoggedIn('/servers/poisoned/-/tools');
    const tool = page.getByRole('group', { name: 'Tool instructs_model' });
    await tool.getByText(/flagged/).waitFor();
    await tool.getByText('instructs_model', { exact: true }).click();
    await tool.getByText('In description:').first().waitFor();
    // One box per tool, regardless of its number of findings.
    expect(await tool.getByText('In description:').count()).toBeGreaterThan(1);
    expect(await tool.locator('.note').count()).toBe(1);
    await page.getByRole('group', { name: 'Tool brings_markup' }).getByText('brings_markup', { exact: true }).click();
    await page.getByText('<img src=x onerror=').first().waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, 'poisoned') as unknown)).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    // The command palette flags it too.
    await page.keyboard.press('Control+k');
    await page.keyboard.type('instructs');
    await page.getByRole('option', { name: /^instructs_model \d flagged poisoned$/ }).waitFor();
  });

  it('shows how a locked tool changed, and can approve it', async () => {
    const page = await ui.openLoggedIn('/servers/changing/-/tools');
    await page.getByLabel('Tool lock').selectOption('On change: block');
    await page.getByText('Locked: all tools match the approved definitions').waitFor();
    await changing.put({ name: 'first', description: 'The first tool, now with different text.' });
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('1 change to approve').waitFor();
    const tool = page.getByRole('group', { name: 'Tool first' });
    await tool.getByText('Blocked').waitFor();
    const diff = tool.getByLabel('Changes to first');
    await diff.waitFor();
    expect(await diff.innerText()).toContain('The first tool.');
    expect(await diff.innerText()).toContain('now with different text');
    await tool.getByRole('button', { name: 'Approve this definition' }).click();
    await page.getByText('first approved').waitFor();
    await page.getByText('Locked: all tools match the approved definitions').waitFor();
    await page.getByRole('heading', { name: 'Changes' }).waitFor();
  });

  it('shows flagged and blocked tools in list, tabs and navigation, and approves them on one page', async () => {
    const page = await ui.openLoggedIn('/servers?filter=attention');
    const row = page.getByRole('table', { name: 'Servers' }).getByRole('row').filter({ hasText: 'Poisoned' });
    await row.getByText('Healthy', { exact: true }).waitFor();
    await row.getByText('Tools flagged').waitFor();
    await page.getByRole('link', { name: 'Poisoned' }).click();
    await page.getByRole('link', { name: /^Tools .*needs attention: 1$/ }).waitFor();
    await changing.put({ name: 'first', description: 'A third text.' });
    await ui.gateway.admin.must('POST', '/api/servers/changing/refresh');
    await page.getByRole('link', { name: /^Needs review/ }).click();
    const list = page.getByRole('list', { name: 'Needs review' });
    const blocked = list.getByRole('listitem').filter({ hasText: 'Changing' });
    await blocked.getByText('1 tool blocked until approved').waitFor();
    await blocked.getByText(/^since /).waitFor();
    await blocked.getByRole('button', { name: /^Review the tools of Changing/ }).click();
    await blocked.getByLabel('Changes to first').getByText('A third text.').waitFor();
    await blocked.getByRole('button', { name: 'Approve all' }).click();
    await page.getByRole('log').getByText('Tools of Changing approved').waitFor();
    await blocked.waitFor({ state: 'detached' });
    const flagged = list.getByRole('listitem').filter({ hasText: 'Poisoned' });
    await flagged.getByRole('button', { name: /^Review the tools of Poisoned/ }).click();
    await flagged.getByRole('group', { name: 'Tool instructs_model' }).waitFor();
    await flagged.getByRole('button', { name: 'Approve and lock' }).click();
    await flagged.waitFor({ state: 'detached' });
  });

  it('shows how a changed tool differs for callers, and blocks it on the review page', async () => {
    const drifting = await startChangingTools({ tools: [{ name: 'send', description: 'Sends a mail.' }] });
    fixtures.push(drifting);
    await ui.gateway.register({ path: 'drifting', name: 'Drifting', url: drifting.url });
    await ui.gateway.admin.must('PUT', '/api/servers/drifting/tool-lock', { mode: 'alert' });
    const inputSchema = { type: 'object' as const, properties: { key: { type: 'string' } }, required: ['key'] };
    await drifting.put({ name: 'send', description: 'Sends a secret mail.', inputSchema });
    await ui.gateway.admin.must('POST', '/api/servers/drifting/refresh');
    const page = await ui.openLoggedIn('/review');
    const item = page.getByRole('list', { name: 'Needs review' }).getByRole('listitem').filter({ hasText: 'Drifting' });
    await item.getByRole('button', { name: 'Review the tools of Drifting: Tools changed' }).click();
    const tool = item.getByRole('group', { name: 'Tool send' });
    await tool.locator('ins', { hasText: /^\s*secret\s*$/ }).waitFor();
    for (const what of ['Newly required', 'Added parameters'])
      await tool.locator(`dt:text-is("${what}") + dd`).getByText('key', { exact: true }).waitFor();
    expect(await tool.getByText('Blocked', { exact: true }).count()).toBe(0);
    await item.getByRole('button', { name: 'Block until approved' }).click();
    await page.getByRole('log').getByText('Changed tools of Drifting are blocked').waitFor();
    await item.getByText('1 tool blocked until approved').waitFor();
    const { tools } = await ui.gateway.admin.must<ToolsView>('GET', '/api/servers/drifting/tools');
    expect(tools.map(({ name, callable }) => [name, callable])).toEqual([['send', false]]);
    await ui.gateway.admin.must('DELETE', '/api/servers/drifting');
  });

  it('shows an invalid tool with its error, next to the valid ones', async () => {
    const odd = { name: 'odd<b>', annotations: { readOnlyHint: 'yes' } } as unknown as ListedTool;
    const server = await serveRaw({ name: 'wrong', tools: [{ name: 'fine' }, odd] });
    fixtures.push(server);
    await ui.gateway.register({ path: 'wrong', name: 'Wrong', url: server.url });
    const page = await ui.openLoggedIn('/servers/wrong/-/tools');
    await page.getByRole('group', { name: 'Tool fine' }).waitFor();
    const note = page.getByRole('paragraph').filter({ hasText: 'Invalid tool, omitted' });
    await note.getByText('odd<b>', { exact: true }).waitFor();
    expect(await note.innerText()).toContain('annotations.readOnlyHint: expected boolean, received string');
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('Invalid tools, omitted').first().waitFor();
    await page.goto(`${ui.gateway.url}/ui/servers?filter=attention`);
    const row = page.getByRole('table', { name: 'Servers' }).getByRole('row').filter({ hasText: 'Wrong' });
    await row.getByText('Malformed tools').waitFor();
  });

  it('shows which instance lists a different definition of a locked tool', async () => {
    const second = await startChangingTools();
    fixtures.push(second);
    await ui.gateway.register({ path: 'two', name: 'Two', instances: [{ url: changing.url }, { url: second.url }] });
    await second.put({ name: 'first', description: 'The first tool, as only one instance has it.' });
    const page = await ui.openLoggedIn('/servers/two/-/tools');
    await page.getByLabel('Tool lock').selectOption('On change: block');
    await page.getByRole('button', { name: 'Check now' }).click();
    const tool = page.getByRole('group', { name: 'Tool first' });
    await tool.getByText('Blocked').waitFor();
    await tool.getByRole('heading', { name: `Different definition on ${second.url}` }).waitFor();
    await tool.getByLabel(`first on ${second.url}`).getByText('as only one instance has it').waitFor();
    await tool.getByText('when all instances list the approved definition').waitFor();
  });

  it('prompts for the credentials that a server requires, and probes again with them', async () => {
    const page = await ui.openLoggedIn('/register');
    await page.getByLabel('URL of the MCP server').fill(bearerUrl);
    const header = page.getByLabel('Value of Authorization');
    await header.waitFor();
    await header.fill(`Bearer ${BACKEND_TOKEN}`);
    await page.getByText('Healthy', { exact: true }).first().waitFor();
    await page.getByLabel('Path').fill('guarded');
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('Healthy', { exact: true }).first().waitFor();
    expect(await page.content()).not.toContain(BACKEND_TOKEN);
    const shown = await ui.gateway.admin.must<{ headers: string[] }>('GET', '/api/servers/guarded');
    expect(shown.headers).toEqual(['Authorization']);
  });
});
