import { describe, expect, it } from 'vitest';
import { connectClient, echo } from '../support/call-tool.ts';
import { setStage } from './support/browser-test.ts';

const stage = setStage();

describe('registering', () => {
  it('goes from the first click to an agent that calls a tool, with the snippet and the key of the page', async () => {
    const page = await stage.enter();
    await page.getByRole('heading', { name: 'Register your first server' }).waitFor();
    await page.getByRole('textbox', { name: 'URL of an MCP server' }).fill(stage.everything);
    await page.getByRole('button', { name: 'Look' }).click();

    await page.getByText('Everything Reference Server').waitFor();
    await page.getByText('Streamable HTTP').waitFor();
    await page.locator('code', { hasText: 'echo' }).first().waitFor();
    expect(await page.getByLabel('Path').inputValue()).toBe('everything');
    await page.getByRole('button', { name: 'Register', exact: true }).click();

    await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
    const text = page.getByLabel('snippet for Claude Code', { exact: true });
    expect(await text.textContent()).toContain('/everything/mcp');
    expect(await text.textContent()).toContain('$MCPGW_KEY');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByText('It is shown this once').waitFor();

    await page.getByRole('tab', { name: 'JSON' }).click();
    const json = (await page.getByLabel('snippet for JSON', { exact: true }).textContent()) ?? '';
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

  it('carries no key in the links that install it', async () => {
    const page = await stage.enter('/servers/everything/-/connect?client=cursor');
    await page.getByRole('button', { name: 'Make a key' }).click();
    const key = (await page.locator('code.key').textContent()) ?? '';
    expect(key).toMatch(/^mgw_/);
    for (const name of ['Cursor', 'VS Code']) {
      await page.getByRole('tab', { name }).click();
      const link = (await page.getByRole('link', { name: `Install in ${name}` }).getAttribute('href')) ?? '';
      const config = new URL(link).searchParams.get('config');
      expect(decodeURIComponent(link) + (config === null ? '' : atob(config))).not.toContain(key);
    }
  });

  it('makes a new agent that may use this server and nothing else', async () => {
    const page = await stage.enter('/servers/everything/-/connect');
    await page.getByLabel('Whose key').selectOption('A new agent…');
    await page.getByLabel('Name of the new agent').fill('only-everything');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByText('A new key of only-everything').waitFor();
    const { grants } = await stage.gateway.admin.must<{ grants: unknown }>('GET', '/api/agents/only-everything');
    expect(grants).toEqual([{ server: 'everything', tools: ['*'] }]);
  });

  it('says inline what is wrong with a URL or a path, before anything is sent', async () => {
    const page = await stage.enter('/register');
    const url = page.getByLabel('URL of the MCP server');
    await url.fill('ftp://files.example');
    await page.getByText('the scheme "ftp" cannot be routed').waitFor();
    await url.fill(stage.everything);
    const path = page.getByLabel('Path');
    await path.fill('everything');
    await page.getByText('“everything” is taken by').waitFor();
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

  it('explains a server that does not answer and registers it all the same', async () => {
    const page = await stage.enter('/register');
    await page.getByLabel('URL of the MCP server').fill('http://127.0.0.1:9/mcp');
    await page.getByText('It can be registered all the same').waitFor();
    await page.getByLabel('Path').fill('dead');
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
    await page.getByRole('link', { name: 'Servers' }).first().click();
    await page.getByRole('button', { name: /^Issues/ }).click();
    const row = page
      .getByRole('listitem')
      .filter({ hasText: '/dead' })
      .or(page.getByRole('listitem').filter({ hasText: 'dead' }));
    await row.first().getByText('Unhealthy', { exact: true }).waitFor();
    expect(await row.first().textContent()).toContain('127.0.0.1:9');
  });
});
