import { describe, expect, it } from 'vitest';
import type { AgentView, GroupView } from '../../registry/contract/index.ts';
import { connectClient, echo } from '../support/gateway/call-tool.ts';
import { setUpBrowserTest } from './support/browser-test.ts';
import { logIn } from './support/log-in.ts';

const ui = setUpBrowserTest();

describe('registration', () => {
  it('leads from the first click to an agent that calls a tool, with the snippet and key from the page', async () => {
    const page = await ui.openLoggedIn();
    await page.getByRole('heading', { name: 'Register your first server' }).waitFor();
    await page.getByRole('textbox', { name: 'URL of an MCP server' }).fill(ui.everything);
    await page.getByRole('button', { name: 'Continue' }).click();

    await page.getByText('Everything Reference Server').waitFor();
    await page.getByText('Streamable HTTP').waitFor();
    await page.getByText('echo', { exact: true }).waitFor();
    expect(await page.getByLabel('Path').inputValue()).toBe('everything');
    await page.getByRole('button', { name: 'Register', exact: true }).click();

    await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
    const text = page.getByLabel('Snippet for Claude Code', { exact: true });
    expect(await text.textContent()).toContain('/everything/mcp');
    expect(await text.textContent()).toContain('$MCPGW_KEY');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByText('It is shown only once').waitFor();

    await page.getByText('Other clients (JSON)', { exact: true }).click();
    const json = (await page.getByLabel('Snippet for Other clients (JSON)', { exact: true }).textContent()) ?? '';
    const { mcpServers } = JSON.parse(json) as {
      mcpServers: Record<string, { url: string; headers: { Authorization: string } }>;
    };
    const entry = mcpServers['everything']!;
    const client = await connectClient(
      entry.url.replace('localhost', '127.0.0.1'),
      entry.headers.Authorization.replace('Bearer ', ''),
    );
    expect(await echo(client, 'from the snippet')).toContain('from the snippet');
    await client.close();
  });

  it('puts no key into the install links', async () => {
    const page = await ui.openLoggedIn('/servers/everything/-/connect?client=cursor');
    await page.getByRole('button', { name: 'Create key' }).click();
    const key = (await page.getByRole('status').getByText(/^mgw_/).textContent()) ?? '';
    expect(key).toMatch(/^mgw_/);
    for (const name of ['Cursor', 'VS Code']) {
      await page.getByText(name, { exact: true }).click();
      const link = (await page.getByRole('link', { name: `Install in ${name}` }).getAttribute('href')) ?? '';
      const config = new URL(link).searchParams.get('config');
      expect(decodeURIComponent(link) + (config === null ? '' : atob(config))).not.toContain(key);
    }
  });

  it('finds a client by its name, and writes several servers into one snippet', async () => {
    const page = await ui.openLoggedIn('/servers/everything/-/connect');
    await page.getByLabel('Search clients').fill('zed');
    await page.getByLabel('Search clients').press('Enter');
    const snippet = page.getByLabel('Snippet for Zed', { exact: true });
    expect(await snippet.textContent()).toContain('context_servers');
    await page.getByText('More servers with the same key').click();
    await page.getByText('mcpgw', { exact: true }).last().click();
    await expect.poll(() => snippet.textContent()).toContain('/mcpgw/mcp');
    expect(await snippet.textContent()).toContain('/everything/mcp');
  });

  it('creates an agent that can use only this server', async () => {
    const page = await ui.openLoggedIn('/servers/everything/-/connect');
    await page.getByLabel('Agent', { exact: true }).fill('only-everything');
    await page.getByLabel('Expires').selectOption('in 30 days');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByText('New key of only-everything').waitFor();
    const { grants, keys } = await ui.gateway.admin.must<AgentView>('GET', '/api/agents/only-everything');
    expect(grants).toEqual([{ server: 'everything', tools: ['*'], resources: ['*'], prompts: ['*'] }]);
    const days = (Date.parse(keys[0]?.expiresAt ?? '') - Date.now()) / 86_400_000;
    expect([29, 30]).toContain(Math.round(days - 0.5));
  });

  it('writes the request of an operator, whose link opens the filled-in form for an administrator', async () => {
    const operator = { username: 'olga', password: 'a long enough password' };
    await ui.gateway.admin.must('POST', '/api/users', { ...operator, role: 'operator' });
    const { page } = await ui.openPage();
    await logIn(page, ui.gateway, { path: '/connect?server=everything&also=mcpgw', ...operator });
    await page.getByRole('textbox', { name: /^Agent/ }).fill('planner');
    await page.getByLabel('Expires').selectOption('in a day');
    const request = (await page.getByLabel('Request for an administrator', { exact: true }).textContent()) ?? '';
    expect(request).toContain('olga requests an mcpgw key for the agent planner with access to everything, mcpgw');
    const link = /https?:\S+/.exec(request)?.[0] ?? '';
    const prefilled = await ui.openLoggedIn(new URL(link).pathname.replace('/ui', '') + new URL(link).search);
    await prefilled.getByText('New agent planner, with access only to everything, mcpgw').waitFor();
    expect(await prefilled.getByLabel('Expires').inputValue()).toBe('1');
    // A server is found by a part of its path or its name, and an unknown one is reported.
    await prefilled.getByLabel('Server', { exact: true }).fill('nothing');
    await prefilled.getByLabel('Server', { exact: true }).press('Enter');
    await prefilled.getByText('No server named “nothing”').waitFor();
  });

  it('grants a new server to agents and groups in the same step', async () => {
    const { admin, createAgent } = ui.gateway;
    await createAgent(['everything'], { name: 'caller' });
    await admin.must('POST', '/api/groups', { name: 'callers' });
    const page = await ui.openLoggedIn('/register');
    await page.getByLabel('URL of the MCP server').fill(ui.everything);
    await page.getByText('Streamable HTTP').waitFor();
    await page.getByLabel('Path').fill('shared');
    await page.getByRole('checkbox', { name: 'caller', exact: true }).check();
    await page.getByRole('checkbox', { name: 'callers (group)' }).check();
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
    const whole = { server: 'shared', tools: ['*'], resources: ['*'], prompts: ['*'] };
    expect((await admin.must<AgentView>('GET', '/api/agents/caller')).grants[1]).toEqual(whole);
    expect((await admin.must<GroupView>('GET', '/api/groups/callers')).grants).toEqual([whole]);
    await admin.must('DELETE', '/api/servers/shared');
  });

  it('validates URL and path inline, before anything is sent', async () => {
    const page = await ui.openLoggedIn('/register');
    const url = page.getByLabel('URL of the MCP server');
    await url.fill('ftp://files.example');
    await page.getByText('the scheme "ftp" cannot be routed').waitFor();
    await url.fill(ui.everything);
    const path = page.getByLabel('Path');
    await path.fill('everything');
    await page.getByText('“everything” is already used by').waitFor();
    await path.fill('api/x');
    await page.getByText('a path may not begin with "api"').waitFor();
    await path.fill('all');
    await page.getByText('"all" may not be a server\'s path').waitFor();
    expect(await page.getByRole('button', { name: 'Register', exact: true }).isDisabled()).toBe(true);
    await path.fill('Upper');
    await page.getByText('use lower-case letters').waitFor();
    expect(await page.getByRole('button', { name: 'Register', exact: true }).isDisabled()).toBe(true);
    await path.fill('fine');
    expect(await page.getByRole('button', { name: 'Register', exact: true }).isEnabled()).toBe(true);
  });

  it('warns of a registered URL, and sends no empty credential', async () => {
    const page = await ui.openLoggedIn('/register');
    await page.getByLabel('URL of the MCP server').fill(ui.everything.replace(/mcp$/, ''));
    await page.getByRole('status').filter({ hasText: 'This URL is already registered' }).waitFor();
    await page.getByText('Name, description, tags, credentials').click();
    await page.getByRole('button', { name: 'Add header' }).click();
    // The name is filled in, so the value has the focus; Enter there does not add another row.
    expect(await page.getByLabel('Value of Authorization').evaluate((input) => input === document.activeElement)).toBe(
      true,
    );
    // A path that cannot be registered: Enter would register the server otherwise.
    await page.getByLabel('Path').fill('Not fine');
    await page.getByLabel('Value of Authorization').press('Enter');
    expect(await page.getByLabel('Header name').count()).toBe(1);
    const probed = page.waitForRequest((request) => request.url().endsWith('/api/probe'));
    await page.getByLabel('URL of the MCP server').fill('http://127.0.0.1:9/other');
    expect((await probed).postDataJSON()).toMatchObject({ headers: {} });
  });

  it('registers a block of servers as clients write it, and shows what a program would run', async () => {
    const page = await ui.openLoggedIn('/register');
    const block = {
      mcpServers: {
        'First one': { url: ui.everything },
        files: { command: 'npx', args: ['-y', 'server-files', '/my files'], env: { TOKEN: 'secret' } },
      },
    };
    await page.getByLabel('URL of the MCP server').fill(JSON.stringify(block));
    const list = page.getByRole('list', { name: 'Pasted servers' });
    await list.getByText("npx -y server-files '/my files'").waitFor();
    await list.getByText('TOKEN').waitFor();
    await list.getByLabel('Version of server-files').fill('newest');
    await list.getByText('Enter a version like 1.2.3').waitFor();
    await list.getByLabel('Version of server-files').fill('1.2.3');
    await list.getByText("npx -y server-files@1.2.3 '/my files'").waitFor();
    await list.getByRole('alert').getByText('This gateway runs no programs').waitFor();
    await page.getByRole('button', { name: 'Register 1 server' }).click();
    await list.getByText('Registered', { exact: true }).waitFor();
    await list.getByRole('link', { name: '/first-one' }).click();
    await page.getByRole('heading', { name: 'First one', level: 1 }).waitFor();
  });

  it('explains that a server does not respond, and can register it', async () => {
    const page = await ui.openLoggedIn('/register');
    await page.getByLabel('URL of the MCP server').fill('http://127.0.0.1:9/mcp');
    await page.getByText('You can register it now; mcpgw keeps checking.').waitFor();
    await page.getByLabel('Path').fill('dead');
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
    await page.getByRole('link', { name: 'Servers' }).first().click();
    await page.getByRole('button', { name: /^Needs attention/ }).click();
    const row = page.getByRole('row').filter({ hasText: 'dead' });
    await row.getByText('Unhealthy', { exact: true }).waitFor();
    expect(await row.textContent()).toContain('127.0.0.1:9');
  });
});
