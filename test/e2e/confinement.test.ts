import { expect, it } from 'vitest';
import { ODD } from '../support/bridge/stdio-servers.ts';
import { connectClient } from '../support/gateway/call-tool.ts';
import { waitFor } from '../support/wait-for.ts';
import { setUpBrowserTest } from './support/browser-test.ts';
import { expectAccessible, CHECK_OPTIONS, openInPlace } from './support/find-violations.ts';

const ui = setUpBrowserTest({ env: { STDIO_COMMANDS: 'allow' } });

it('a program is registered confined, its page shows each option, and its settings change them', async () => {
  const page = await ui.openLoggedIn('/register');
  await page.getByLabel('URL of the MCP server').fill(JSON.stringify({ mcpServers: { odd: ODD } }));
  const list = page.getByRole('list', { name: 'Pasted servers' });
  await list.getByRole('checkbox', { name: /^Read-only file system/ }).check();
  await list.getByRole('checkbox', { name: /^Network/ }).uncheck();
  await page.getByRole('button', { name: 'Register 1 server' }).click();
  await list.getByRole('link', { name: '/odd' }).click();
  const program = page.getByRole('region', { name: 'Program' });
  await program.getByText('No network', { exact: true }).waitFor();
  await program.getByText('Can write only to its own folder and /tmp').waitFor();
  await program.getByText(/odd-program\.ts/).waitFor();

  await page.getByRole('link', { name: 'Settings', exact: true }).last().click();
  const form = page.getByRole('form', { name: 'Confinement' });
  expect(await form.getByRole('checkbox', { name: /^Confined/ }).isChecked()).toBe(true);
  await form.getByLabel('Additional writable paths').fill('/srv/');
  await form.getByRole('button', { name: 'Save confinement' }).click();
  await form.getByRole('alert').getByText('without a slash at the end').waitFor();
  await form.getByLabel('Additional writable paths').fill('/srv');
  await form.getByRole('checkbox', { name: /^Network/ }).check();
  await form.getByRole('button', { name: 'Save confinement' }).click();
  await page.getByText('Confinement saved').waitFor();
  const stored = { network: true, readOnly: true, writable: ['/srv'], readable: [], hidden: [] };
  expect(await ui.gateway.admin.must('GET', '/api/servers/odd')).toMatchObject({ program: { confinement: stored } });
  await form.getByRole('checkbox', { name: /^Confined/ }).uncheck();
  await form.getByRole('button', { name: 'Save confinement' }).click();
  await waitFor('the change', async () => {
    const { program: saved } = await ui.gateway.admin.must<{ program: object }>('GET', '/api/servers/odd');
    return 'confinement' in saved && saved.confinement === null;
  });
  await form.getByRole('button', { name: 'Discard changes' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  await program.getByText(/^None: it has the file and network access/).waitFor();
});

it('the output of a program is shown as it arrives, with its processes and their memory', async () => {
  await ui.gateway.register({ path: 'talker', name: 'Talker', ...ODD });
  const { key } = await ui.gateway.createAgent(['talker']);
  const page = await ui.openLoggedIn('/servers/talker/-/output');
  await page.getByRole('heading', { name: 'Output' }).waitFor();
  const client = await connectClient(`${ui.gateway.url}/talker/mcp`, key);
  await client.callTool({ name: 'pid', arguments: {} });
  const processes = page.getByRole('list', { name: 'Processes' });
  await processes.getByText(/^pid \d+ · [1-9]\d* MB · 0 calls in progress/).waitFor();
  await expect(client.callTool({ name: 'crash', arguments: {} })).rejects.toThrow();
  await page.getByLabel('Output of Talker').getByText('the last words before the crash').waitFor();
  await processes.waitFor({ state: 'detached' });
  await client.close();
});

it('has no violation of WCAG 2.2 AA on the pages of a program', async () => {
  const page = await ui.openLoggedIn('/servers/talker/-/output', CHECK_OPTIONS);
  await page.getByLabel('Output of Talker').waitFor();
  await expectAccessible(page, 'the output of a program');
  await openInPlace(page, '/servers/talker', 'Talker');
  await page.getByRole('region', { name: 'Program' }).waitFor();
  await expectAccessible(page, 'the page of a program');
});
