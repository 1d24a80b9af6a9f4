import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEntry } from '../../../registry/contract/index.ts';
import { connectClient, echo } from '../../support/gateway/call-tool.ts';
import { startEverything } from '../../support/gateway/start-everything.ts';
import { ROOT, startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';

interface Result {
  isError?: boolean;
  structuredContent?: Record<string, unknown>;
  content: { type: string; text: string }[];
}
type Tools = Pick<Client, 'callTool'>;

let gateway: Gateway;
let everything: Awaited<ReturnType<typeof startEverything>>;
let operator: { name: string; key: string };
let viewer: { name: string; key: string };
const closers: (() => Promise<unknown>)[] = [];
const PASSWORD_OF_AN_OLD_SCRIPT = 'old-script-password-4711';

beforeAll(async () => {
  gateway = await startGateway({ env: { CALL_STORE: 'stdout' } });
  everything = await startEverything();
  operator = await gateway.createAgent(['mcpgw', '*'], { name: 'ops', role: 'operator' });
  viewer = await gateway.createAgent(['mcpgw'], { name: 'watcher', role: 'viewer' });
});
afterAll(async () => {
  for (const close of closers.splice(0)) await close();
  await everything.close();
  await gateway.close();
});

async function connect(key: string, path = 'mcpgw'): Promise<Client> {
  const client = await connectClient(`${gateway.url}/${path}/mcp`, key);
  closers.push(() => client.close());
  return client;
}
async function ask(client: Tools, name: string, given: Record<string, unknown> = {}): Promise<Result> {
  return (await client.callTool({ name, arguments: given })) as unknown as Result;
}
async function must(client: Tools, name: string, given: Record<string, unknown> = {}) {
  const result = await ask(client, name, given);
  expect(result.isError, JSON.stringify(result.content)).not.toBe(true);
  return result.structuredContent as Record<string, unknown>;
}

test('a new user registers a server, finds and calls its tool and disables it; a viewer is refused with the reason', async () => {
  const ops = await connect(operator.key);

  const registered = await must(ops, 'register_service', {
    server_name: 'Everything',
    path: '/demo/everything',
    proxy_pass_url: everything.url.replace('/mcp', ''),
    description: 'The reference server',
    tags: ['demo'],
    username: 'admin',
    password: PASSWORD_OF_AN_OLD_SCRIPT,
  });
  expect(registered).toMatchObject({ service_path: '/demo/everything', applied: true, enabled: true });

  const healthy = await waitFor('a healthy server', async () => {
    const { services } = await must(ops, 'list_services', { status: 'healthy', tag: 'demo' });
    return (services as { service_path: string; num_tools: number }[])[0];
  });
  expect(healthy).toMatchObject({ service_path: '/demo/everything' });
  expect(healthy.num_tools).toBeGreaterThan(5);
  expect(await must(ops, 'healthcheck')).toMatchObject({ servers: { '/demo/everything': { status: 'healthy' } } });

  const { hits } = await must(ops, 'search_tools', { query: 'echoes back the input', with_schemas: true });
  const [hit] = hits as { service_path: string; gateway_url: string; name: string; inputSchema: object }[];
  expect(hit).toMatchObject({ service_path: '/demo/everything', name: 'echo' });
  expect(JSON.stringify(hit?.inputSchema)).toContain('message');

  const backend = await connect(operator.key, 'demo/everything');
  expect(await echo(backend, 'hello from a new user')).toContain('hello from a new user');

  expect(await must(ops, 'toggle_service', { service_path: 'demo/everything', enabled: false })).toMatchObject({
    enabled: false,
    status: 'disabled',
  });
  await expect(echo(backend, 'still there?')).rejects.toThrow(/disabled|switched off|-32055/i);

  // The gateway reports no warnings about its own tools.
  const own = await waitFor('the tools of mcpgw', async () => {
    const { tools } = await must(ops, 'get_service_tools', { service_path: 'mcpgw' });
    return (tools as { name: string; warnings: string[] }[]).length > 0 ? tools : undefined;
  });
  expect((own as { warnings: string[] }[]).flatMap(({ warnings }) => warnings)).toEqual([]);

  const watcher = await connect(viewer.key);
  expect(await must(watcher, 'list_services', { query: 'everything' })).toMatchObject({
    services: [{ status: 'disabled' }],
  });
  const refused = await ask(watcher, 'toggle_service', { service_path: '/demo/everything', enabled: true });
  expect(refused.isError).toBe(true);
  expect(refused.content[0]?.text).toMatch(/operator/);
  expect(refused.content[0]?.text).toMatch(/viewer/);

  expect(await must(ops, 'toggle_service', { service_path: 'demo/everything', enabled: true })).toMatchObject({
    enabled: true,
  });
  const again = await connect(operator.key, 'demo/everything');
  expect(await echo(again, 'back')).toContain('back');
});

test('every other tool works as described, for both generations of clients', async () => {
  const modern = new ModernClient({ name: 'modern', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  const headers = { 'x-api-key': operator.key };
  await modern.connect(new ModernTransport(new URL(`${gateway.url}/mcpgw/mcp`), { requestInit: { headers } }));
  closers.push(() => modern.close());
  expect(modern.getProtocolEra()).toBe('modern');
  const ops = modern as unknown as Tools;

  await must(ops, 'register_service', { server_name: 'Second', path: 'second', proxy_pass_url: everything.url });
  expect(
    await must(ops, 'update_service', { service_path: '/second', description: 'Another', tags: 'a,b' }),
  ).toMatchObject({
    description: 'Another',
    tags: ['a', 'b'],
  });
  expect(await must(ops, 'refresh_service', { service_path: 'second' })).toMatchObject({
    health: 'healthy',
    problem: null,
  });
  const details = await must(ops, 'get_server_details', { service_path: '/second' });
  expect(details).toMatchObject({
    servers: [{ path: 'second', transport: 'auto', instances: [{ url: everything.url }] }],
  });
  const all = await must(ops, 'get_server_details', { service_path: '/all' });
  expect((all['servers'] as { path: string }[]).map(({ path }) => path)).toContain('mcpgw');
  const own = await must(ops, 'get_service_tools', { service_path: 'second' });
  expect((own['tools'] as { name: string; callable: boolean }[]).find(({ name }) => name === 'echo')).toMatchObject({
    service_path: '/second',
    callable: true,
  });
  expect(await must(ops, 'refresh_service', { service_path: '/mcpgw' })).toMatchObject({ health: 'healthy' });
  const pathsOf = (page: Record<string, unknown>) =>
    new Set((page['tools'] as { service_path: string }[]).map(({ service_path }) => service_path));
  const seen = new Set<string>();
  for (let cursor: unknown; ;) {
    const page = await must(ops, 'get_service_tools', { service_path: '/all', limit: 7, cursor });
    expect((page['tools'] as unknown[]).length).toBeLessThanOrEqual(7);
    for (const path of pathsOf(page)) seen.add(path);
    cursor = page['next_cursor'];
    if (cursor === undefined) break;
  }
  expect(seen).toEqual(new Set(['/demo/everything', '/mcpgw', '/second']));
  expect(await must(ops, 'remove_service', { service_path: '/second' })).toEqual({
    service_path: '/second',
    removed: true,
    applied: true,
  });
  const gone = await ask(ops, 'get_server_details', { service_path: 'second' });
  expect(gone).toMatchObject({ isError: true });
  expect(gone.content[0]?.text).toMatch(/second.*What to do: .*list_services.*restore_service/);
  expect(await ask(ops, 'get_service_tools', { service_path: 'second' })).toMatchObject({ isError: true });
  expect(await must(ops, 'restore_service', { service_path: 'second' })).toMatchObject({ applied: true });
  await must(ops, 'remove_service', { service_path: 'second' });
});

test('two interleaved callers act with their own rights, and the audit records the right one', async () => {
  const [ops, watcher] = await Promise.all([connect(operator.key), connect(viewer.key)]);
  const rounds = Array.from({ length: 20 }, (_, n) => n);
  const results = await Promise.all(
    rounds.flatMap((n) => [
      ask(ops, 'update_service', { service_path: 'demo/everything', description: `by ops ${n}` }),
      ask(watcher, 'update_service', { service_path: 'demo/everything', description: `by watcher ${n}` }),
    ]),
  );
  results.forEach(({ isError }, position) => expect(isError === true).toBe(position % 2 === 1));
  const { items } = await gateway.admin.must<{ items: AuditEntry[] }>('GET', '/api/audit?limit=500');
  const changes = items.filter(({ action, target }) => action === 'server.changed' && target === 'demo/everything');
  expect(changes.length).toBeGreaterThanOrEqual(20);
  expect(new Set(changes.map(({ actor }) => actor.name))).toEqual(new Set(['ops']));
});

test('a key without a role, without the grant, or revoked cannot use mcpgw', async () => {
  const noRole = await gateway.createAgent(['mcpgw'], { name: 'norole' });
  const result = await ask(await connect(noRole.key), 'list_services');
  expect(result.isError).toBe(true);
  expect(result.content[0]?.text).toMatch(/role/);

  const notGranted = await gateway.createAgent(['*'], { name: 'notgranted', role: 'admin' });
  await expect(connect(notGranted.key)).rejects.toThrow(/403|not granted|-32053/i);
  await expect(connect('mgw_wrong')).rejects.toThrow(/401|-32051/);

  const leaver = await gateway.createAgent(['mcpgw'], { name: 'leaver', role: 'operator' });
  const client = await connect(leaver.key);
  await must(client, 'list_services');
  await gateway.admin.must('DELETE', `/api/agents/leaver/keys/${leaver.keyId}`);
  await expect(ask(client, 'list_services')).rejects.toThrow(/401|-32051/);
});

test('over stdio the same tools act with MCPGW_KEY on the same registry', async () => {
  const client = new Client({ name: 'local', version: '1' });
  const args = [join(ROOT, 'dist/mcpgw-server.js'), '--stdio'];
  const env = { MCPGW_KEY: viewer.key, REGISTRY_URL: gateway.registryUrl };
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env }));
  closers.push(() => client.close());
  expect(await must(client, 'list_services', { tag: 'demo' })).toMatchObject({
    services: [{ service_path: '/demo/everything' }],
  });
  expect(await ask(client, 'remove_service', { service_path: 'demo/everything' })).toMatchObject({ isError: true });
});

test('with CALL_STORE=stdout each call is a line of the output, and the API reports that none is stored', async () => {
  const line = await gateway.program.line(/^\{"time":.*"agent":"watcher".*"tools":\["list_services"\]/);
  expect(JSON.parse(line)).toMatchObject({ server: 'mcpgw', verdict: 'allowed', status: 200 });
  expect(await gateway.admin.ask('GET', '/api/calls')).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining('not stored on this gateway'), hint: expect.stringContaining('calls.log') },
  });
});

test('no log or file contains a key or the password that an old script sent', () => {
  const files = readdirSync(gateway.dataDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(gateway.dataDir, name))
    .filter((file) => statSync(file).isFile());
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) {
    const text = readFileSync(file, 'latin1');
    for (const secret of [PASSWORD_OF_AN_OLD_SCRIPT, operator.key, viewer.key])
      expect(text.includes(secret), file).toBe(false);
  }
});
