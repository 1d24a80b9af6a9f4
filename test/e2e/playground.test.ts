import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import type { AgentView } from '../../registry/contract/index.ts';
import { startModernOnly } from '../fixtures/backends/compliant/modern-only.ts';
import { startSseOnly } from '../fixtures/backends/streams/sse-only.ts';
import { startChangingTools } from '../fixtures/backends/tools/changing-tools.ts';
import { POISONED_TOOLS } from '../fixtures/backends/tools/poisoned-tools.ts';
import { startEverythingFixture } from '../fixtures/everything/start.ts';
import { waitFor } from '../support/wait-for.ts';
import { setUpBrowserTest } from './support/browser-test.ts';

const run = promisify(execFile);
const ui = setUpBrowserTest();
const closers: (() => Promise<void>)[] = [];
const rowsOf = (page: Page) => page.getByRole('list', { name: 'Tools' }).getByRole('listitem');

beforeAll(async () => {
  const [modern, sse, poisoned, asking, askingLegacy] = await Promise.all([
    startModernOnly(),
    startSseOnly(),
    startChangingTools({ tools: POISONED_TOOLS }),
    startEverythingFixture(),
    startEverythingFixture({ era: 'legacy' }),
  ]);
  closers.push(...[modern, sse, poisoned, asking, askingLegacy].map((fixture) => () => fixture.close()));
  await ui.gateway.register({ path: 'weather', name: 'Weather', url: ui.everything, tags: ['demo'] });
  await ui.gateway.register({ path: 'modern', name: 'Modern', url: modern.url });
  await ui.gateway.register({ path: 'asks', url: asking.url });
  await ui.gateway.register({ path: 'asks-legacy', url: askingLegacy.url });
  await ui.gateway.register({ path: 'old', name: 'Old', url: sse.url });
  await ui.gateway.register({ path: 'helper', name: 'Helper', url: poisoned.url });
  await ui.gateway.createAgent(['*'], { name: 'everybody' });
  await ui.gateway.createAgent([{ server: 'weather', tools: ['echo'], resources: [], prompts: [] }], {
    name: 'only-echo',
  });
});
afterAll(async () => {
  for (const close of closers) await close();
});

describe('the tools of all servers', () => {
  it('are searched by what they do and filtered in the URL, with flags and callers', async () => {
    const page = await ui.openLoggedIn('/tools');
    await rowsOf(page).first().waitFor();
    await page.getByLabel('Search tools by what they do').fill('sum of two numbers');
    await rowsOf(page).first().filter({ hasText: 'get-sum' }).waitFor();
    await waitFor('the search in the URL', () => new URL(page.url()).searchParams.get('q') === 'sum of two numbers');
    await page.getByLabel('Search tools by what they do').fill('');
    await page.getByRole('combobox', { name: 'Flag' }).selectOption('flagged');
    await waitFor('only flagged tools', async () => {
      const rows = await rowsOf(page).allTextContents();
      return rows.length > 0 && rows.every((text) => text.includes('Helper'));
    });
    await page.getByRole('combobox', { name: 'Flag' }).selectOption('');
    await page.getByRole('combobox', { name: 'Who may call' }).selectOption('only-echo');
    // Agents of other tests may be named before it.
    const callable = rowsOf(page).filter({ hasText: /echo[\s\S]*may call it/ });
    await waitFor('one tool', async () => (await callable.count()) === 1 && (await rowsOf(page).count()) === 1);
    await page.reload();
    await waitFor('one tool again', async () => (await rowsOf(page).count()) === 1);
    await page.getByRole('link', { name: 'Try it: echo of weather' }).click();
    await page.getByRole('heading', { name: 'Try it', level: 1 }).waitFor();
  });
});

describe('the playground', () => {
  const open = async (server: string, name: string, more = '&agent=everybody') => {
    const page = await ui.openLoggedIn(`/playground?server=${server}&name=${encodeURIComponent(name)}${more}`);
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
    return page;
  };
  const succeeded = (page: Page) => page.getByRole('status').getByText('Succeeded').waitFor();

  it('validates the form by the schema, calls through the gateway and stores a history', async () => {
    const page = await open('weather', 'get-sum');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('This is required.').first().waitFor();
    await page.getByLabel('a', { exact: true }).fill('2');
    await page.getByLabel('b', { exact: true }).fill('40');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await succeeded(page);
    await page.getByLabel('Response text').getByText('42').waitFor();
    await page.getByRole('button', { name: 'Raw JSON' }).click();
    expect(JSON.parse(await page.getByLabel('Arguments as JSON').inputValue())).toEqual({ a: 2, b: 40 });
    await page.getByLabel('Arguments as JSON').fill('{"a": 1');
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
    await page.getByLabel('Arguments as JSON').fill('{"a": 1, "b": 1}');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const history = page.getByRole('region', { name: 'History' }).getByRole('button');
    await waitFor('two calls in the history', async () => (await history.count()) === 2);
    await history.last().click();
    expect(JSON.parse(await page.getByLabel('Arguments as JSON').inputValue())).toEqual({ a: 2, b: 40 });
  });

  it.each([
    ['the page is left', (page: Page) => page.getByRole('link', { name: 'Tools', exact: true }).first().click()],
    ['the tab is closed', (page: Page) => page.close({ runBeforeUnload: true })],
  ])('uses a ten-minute key that is revoked when %s', async (_, leave) => {
    const keys = async () =>
      (await ui.gateway.admin.must<AgentView>('GET', '/api/agents/everybody')).keys.filter(
        ({ label }) => label === 'playground',
      );
    const earlier = new Set((await keys()).map(({ id }) => id));
    const page = await open('weather', 'echo');
    await page.getByLabel('message', { exact: true }).fill('hello');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await succeeded(page);
    const key = (await keys()).find(({ id }) => !earlier.has(id));
    const lifetimeMs = Date.parse(key?.expiresAt ?? '') - Date.parse(key?.createdAt ?? '');
    expect(lifetimeMs).toBeGreaterThan(9 * 60_000);
    expect(lifetimeMs).toBeLessThanOrEqual(11 * 60_000);
    await leave(page);
    await waitFor('the key to be revoked', async () => (await keys()).every(({ id }) => id !== key?.id));
  });

  it('shows why the gate refuses the agent', async () => {
    const page = await open('weather', 'get-sum', '&agent=only-echo');
    await page.getByLabel('a', { exact: true }).fill('1');
    await page.getByLabel('b', { exact: true }).fill('1');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: /get-sum/ })
      .waitFor();
  });

  it('shows progress, and cancels', async () => {
    const page = await open('weather', 'trigger-long-running-operation');
    await page.getByLabel('duration').fill('60');
    await page.getByLabel('steps').fill('120');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('status').getByText('Cancelled').waitFor();
  });

  it.each(['asks', 'asks-legacy'])('submits the input that the server at /%s requests during a call', async (path) => {
    const page = await open(path, 'test_input_required_result_elicitation');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'The server requests input' });
    await dialog.getByLabel('name').fill('Ada');
    await dialog.getByRole('button', { name: 'Submit' }).click();
    await succeeded(page);
    await page.getByLabel('Response text').getByText('Hello, Ada!').waitFor();
  });

  it('sends the arguments that a tool of 2026-07-28 marks as headers', async () => {
    const page = await open('asks', 'test_header_parameter');
    await page.getByLabel('message', { exact: true }).fill('größe');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await succeeded(page);
    await page.getByLabel('Response text').getByText('Message: größe').waitFor();
  });

  it('copies a call as curl and as an MCP message', async () => {
    const page = await open('weather', 'get-sum');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByLabel('a', { exact: true }).fill('2');
    await page.getByLabel('b', { exact: true }).fill('40');
    const copied = async (what: string) => {
      await page.getByRole('button', { name: `Copy ${what}` }).click();
      await page.getByRole('status').getByText('Copied').first().waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    expect(JSON.parse(await copied('the MCP message'))).toMatchObject({
      method: 'tools/call',
      params: { name: 'get-sum', arguments: { a: 2, b: 40 } },
    });
    const { key } = await ui.gateway.createAgent(['weather']);
    const folder = await mkdtemp(join(tmpdir(), 'mcpgw-curl-'));
    try {
      const env = { ...process.env, MCPGW_KEY: key };
      const { stdout } = await run('sh', ['-c', await copied('the call as curl')], { cwd: folder, env });
      expect(stdout).toContain('The sum of 2 and 40 is 42.');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reads resources, gets prompts, shows images and plays audio', async () => {
    const page = await open('weather', '', '&agent=everybody&kind=resources');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await succeeded(page);
    await page.getByRole('button', { name: 'Prompts' }).click();
    await page.getByRole('combobox', { name: 'Prompt' }).waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await succeeded(page);
    const picture = await open('weather', 'get-tiny-image');
    await picture.getByRole('button', { name: 'Run', exact: true }).click();
    const image = picture.getByRole('img', { name: 'Server response' });
    await image.waitFor();
    expect(await image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBeGreaterThan(0);
    const sound = await open('asks', 'test_audio_content');
    await sound.getByRole('button', { name: 'Run', exact: true }).click();
    await sound.getByLabel('Response audio').waitFor();
  });

  it('omits untouched optional fields, and shows structured content', async () => {
    const page = await open('weather', 'get-annotated-message');
    await page.getByLabel('messageType').selectOption('error');
    await page.getByRole('button', { name: 'Raw JSON' }).click();
    expect(JSON.parse(await page.getByLabel('Arguments as JSON').inputValue())).toEqual({ messageType: 'error' });
    const structured = await open('weather', 'get-structured-content');
    await structured.getByLabel('location').selectOption('New York');
    await structured.getByRole('button', { name: 'Run', exact: true }).click();
    await succeeded(structured);
    await structured.getByLabel('Structured content', { exact: true }).getByText('temperature').waitFor();
  });

  it('calls servers without sessions and servers that only have SSE', async () => {
    const modern = await open('modern', 'say');
    await modern.getByRole('button', { name: 'Raw JSON' }).click();
    await modern.getByLabel('Arguments as JSON').fill('{"text": "over 2026-07-28"}');
    await modern.getByRole('button', { name: 'Run', exact: true }).click();
    await modern.getByLabel('Response text').getByText('over 2026-07-28').waitFor();
    const old = await open('old', '');
    await old.getByRole('button', { name: 'Raw JSON' }).click();
    await old.getByRole('button', { name: 'Run', exact: true }).click();
    await old
      .getByRole('region', { name: 'Result' })
      .getByText(/ in \d/)
      .waitFor();
  });
});
