import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectSnippet } from '../../../registry/contract/index.ts';
import { startSseOnly } from '../../fixtures/backends/streams/sse-only.ts';
import { startEverythingFixture } from '../../fixtures/everything/start.ts';
import { ROOT, startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';

const run = promisify(execFile);
let gateway: Gateway;
let key: string;
const closers: (() => Promise<void>)[] = [];

// Runs the snippets of the API in the real clients. scripts/try-clients.ts does the same with clients that are too large for CI.
beforeAll(async () => {
  const everything = await startEverythingFixture();
  const sse = await startSseOnly();
  closers.push(everything.close, sse.close);
  gateway = await startGateway({ supervised: false });
  closers.push(gateway.close);
  await gateway.register({ path: 'everything', url: everything.url });
  await gateway.register({ path: 'old', url: sse.url });
  ({ key } = await gateway.createAgent(['everything', 'old']));
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

async function snippetOf(client: string, path: string, also = ''): Promise<ConnectSnippet> {
  const { snippets } = await gateway.admin.must<{ snippets: ConnectSnippet[] }>(
    'GET',
    `/api/servers/${path}/connect?client=${client}&also=${also}`,
  );
  expect(snippets).toHaveLength(1);
  return snippets[0]!;
}
const environment = () => ({ PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', MCPGW_KEY: key });

test.each([
  ['typescript', 'everything', 'name:'],
  ['typescript', 'old', 'name:'],
  ['ai-sdk', 'everything', '['],
  ['ai-sdk', 'old', '['],
])('the snippet for %s connects to %s, lists its tools and exits', async (client, path, part) => {
  const { text } = await snippetOf(client, path);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', text], {
    cwd: ROOT,
    env: environment(),
  });
  expect(stdout).toContain(part);
});

test('a program for two servers lists the tools of both', async () => {
  const { text } = await snippetOf('typescript', 'everything', 'old');
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', text], {
    cwd: ROOT,
    env: environment(),
  });
  expect(stdout.match(/tools: \[/g)).toHaveLength(2);
});

test('mcp-remote adapts both transports for a client that only starts local commands', async () => {
  const { text } = await snippetOf('claude-desktop', 'everything', 'old');
  const { mcpServers } = JSON.parse(text) as { mcpServers: Record<string, { args: string[]; env: { AUTH: string } }> };
  for (const path of ['everything', 'old']) {
    const [, program = '', ...args] = mcpServers[path]?.args ?? [];
    const env = { ...environment(), AUTH: mcpServers[path]?.env.AUTH.replace('YOUR_KEY', key) ?? '' };
    const client = new Client({ name: 'desktop', version: '1' });
    await client.connect(new StdioClientTransport({ command: join(ROOT, 'node_modules/.bin', program), args, env }));
    expect((await client.listTools()).tools.length, path).toBeGreaterThan(0);
    await client.close();
  }
});

test('the snippet for curl gets a response', async () => {
  const answer = await run('sh', ['-c', (await snippetOf('curl', 'everything')).text], { env: environment() });
  expect(answer.stdout).toContain('serverInfo');
});
