import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BridgeOutput } from '../../../registry/contract/index.ts';
import { connectClient } from '../../support/gateway/call-tool.ts';
import { startEverything } from '../../support/gateway/start-everything.ts';
import { ROOT, startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';
import { EVERYTHING, ODD } from '../../support/bridge/stdio-servers.ts';

let gateway: Gateway;
let key: string;

beforeAll(async () => {
  gateway = await startGateway({ env: { STDIO_COMMANDS: 'allow', PATH: `${STAND_INS}:${process.env['PATH']}` } });
  await gateway.register({ path: 'everything', ...EVERYTHING });
  ({ key } = await gateway.createAgent(['everything']));
});
afterAll(() => gateway.close());

/** Substitutes for programs that not every machine has. */
const STAND_INS = join(ROOT, 'test/fixtures/programs/path');

const servicePid = (name: string) => Number(readFileSync(join(gateway.dataDir, 'supervise', name, 'pgid'), 'utf8'));
const headers = () => ({ Authorization: `Bearer ${key}` });
const at = (path: string) => new URL(`${gateway.url}/${path}`);

test('registering starts a program once; then it is idle and its tools are known', async () => {
  const server = await gateway.admin.must('GET', '/api/servers/everything');
  expect(server).toMatchObject({ transport: 'stdio', health: 'idle', configuration: 'live', error: null });
  expect(server['toolCount']).toBeGreaterThan(10);
});

test('a client with sessions calls a tool', async () => {
  const client = new Client({ name: 'old', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(at('everything/mcp'), { requestInit: { headers: headers() } }),
  );
  const result = await client.callTool({ name: 'echo', arguments: { message: 'hällo' } });
  expect(JSON.stringify(result)).toContain('hällo');
  await client.close();
});

test('a client without sessions calls a tool', async () => {
  const client = new ModernClient({ name: 'new', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new ModernTransport(at('everything/mcp'), { requestInit: { headers: headers() } }));
  expect(client.getProtocolEra()).toBe('modern');
  expect((await client.listTools()).tools.length).toBeGreaterThan(10);
  const result = await client.callTool({ name: 'echo', arguments: { message: 'größe' } });
  expect(JSON.stringify(result)).toContain('größe');
  await client.close();
});

test('a client of the SSE transport calls a tool', async () => {
  const client = new Client({ name: 'sse', version: '1' });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is what is tested
  const transport = new SSEClientTransport(at('everything/sse'), {
    requestInit: { headers: headers() },
    eventSourceInit: { fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers() } }) },
  });
  await client.connect(transport);
  const result = await client.callTool({ name: 'echo', arguments: { message: 'sse' } });
  expect(JSON.stringify(result)).toContain('sse');
  await client.close();
});

test.each([
  ['created for it', { image: 'mcp/everything:1' }, ['stdio']],
  ['that is already running', { container: 'tools_1' }, [EVERYTHING.command, ...EVERYTHING.args]],
])('a program in a container %s is called like any other', async (_, docker, args) => {
  // The stand-in reads the first two; the last one is for the program.
  const env = { NODE: EVERYTHING.command, EVERYTHING: EVERYTHING.args[0], TOKEN: 'in-the-environment' };
  const path = `docker/${Object.keys(docker)[0]}`;
  await gateway.register({ path, transport: 'docker', docker, args, env });
  const agent = await gateway.createAgent([path]);
  const client = await connectClient(at(`${path}/mcp`).href, agent.key);
  const shown = JSON.stringify(await client.callTool({ name: 'get-env', arguments: {} }));
  expect(shown).toContain(Object.values(docker)[0]);
  if ('image' in docker) expect(shown).toContain('in-the-environment');
  await client.close();
  const server = await gateway.admin.must('GET', `/api/servers/${encodeURIComponent(path)}`);
  expect(JSON.stringify(server)).not.toContain('in-the-environment');
});

test('only administrators set what is run; values of its environment are never shown', async () => {
  const operator = await gateway.createAgent([], { role: 'operator' });
  const register = (body: object) =>
    fetch(`${gateway.url}/api/servers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', Authorization: `Bearer ${operator.key}` },
      body: JSON.stringify(body),
    });
  const refused = await register({ path: 'by-operator', ...EVERYTHING });
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain('administrators');

  const env = { API_TOKEN: 'do-not-show' };
  const { id } = await gateway.register({ path: 'secret', ...ODD, env });
  const shown = await gateway.admin.must('GET', '/api/servers/secret');
  expect(shown).toMatchObject({ program: { command: ODD.command, args: ODD.args, env: ['API_TOKEN'] } });
  const audit = await gateway.admin.must('GET', '/api/audit');
  expect(JSON.stringify([shown, audit])).not.toContain('do-not-show');
  const file = join(gateway.dataDir, 'bridge/servers', `${id}.json`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const patched = await gateway.admin.ask('PATCH', '/api/servers/secret', { env: { API_TOKEN: null, OTHER: '1' } });
  expect(patched.body).toMatchObject({ program: { env: ['OTHER'] } });
  expect(readFileSync(file, 'utf8')).not.toContain('do-not-show');
  expect((await gateway.admin.ask('PATCH', '/api/servers/secret', { url: 'http://127.0.0.1:1/mcp' })).status).toBe(422);
  await gateway.admin.must('DELETE', '/api/servers/secret');
  expect(existsSync(file)).toBe(false);
});

test('an agent with the role admin can register a program through mcpgw, an operator cannot', async () => {
  const ask = async (role: 'operator' | 'admin', args: Record<string, unknown>) => {
    const agent = await gateway.createAgent(['mcpgw'], { role });
    const client = await connectClient(at('mcpgw/mcp').href, agent.key);
    const result = await client.callTool({ name: 'register_service', arguments: { server_name: 'Odd', ...args } });
    await client.close();
    return result;
  };
  const refused = await ask('operator', { path: 'by-operator', ...ODD });
  expect(refused.isError).toBe(true);
  expect(JSON.stringify(refused.content)).toContain('administrators');
  const registered = await ask('admin', { path: 'by-agent', ...ODD, env: { API_TOKEN: 'do-not-show' }, confine: true });
  expect(registered).toMatchObject({ structuredContent: { service_path: '/by-agent', applied: true, status: 'idle' } });
  expect(JSON.stringify(registered)).not.toContain('do-not-show');
  expect(await gateway.admin.must('GET', '/api/servers/by-agent')).toMatchObject({
    transport: 'stdio',
    program: { command: ODD.command, args: ODD.args, env: ['API_TOKEN'], confinement: { network: false } },
  });
  await gateway.admin.must('DELETE', '/api/servers/by-agent');
});

test('a confinement can be read, changed and exported; the confined program cannot read the data of the gateway', async () => {
  const closed = { network: false, readOnly: true, readable: [], writable: [], hidden: [] };
  const registered = await gateway.register({ path: 'confined', ...ODD, confinement: { hidden: ['/srv'] } });
  expect(registered).toMatchObject({ health: 'idle', program: { confinement: { ...closed, hidden: ['/srv'] } } });
  const agent = await gateway.createAgent(['confined']);
  const client = await connectClient(at('confined/mcp').href, agent.key);
  const run = async (...words: string[]) =>
    JSON.stringify(await client.callTool({ name: 'run', arguments: { words } }));
  expect(await run('find', gateway.dataDir)).not.toMatch(/mcpgw\.db|secret\.key|access|bridge\/servers/);
  expect(await run('cat', join(gateway.dataDir, 'logs/calls.log'))).toContain('No such file');
  await client.close();

  const change = (confinement: unknown) => gateway.admin.ask('PATCH', '/api/servers/confined', { confinement });
  expect((await change({ network: true })).body).toMatchObject({
    program: { confinement: { ...closed, network: true, hidden: ['/srv'] } },
  });
  const twice = await change({ writable: ['/srv'] });
  expect([twice.status, JSON.stringify(twice.body)]).toEqual([422, expect.stringContaining('/srv is in ')]);
  const wrong = await change({ writable: ['/no/such/folder'], hidden: [] });
  const { error } = await waitFor('the check', async () => {
    const server = await gateway.admin.must<{ error: string | null }>('GET', '/api/servers/confined');
    return server.error !== null && server;
  });
  expect([wrong.status, error]).toEqual([200, expect.stringContaining('confinement.writable: /no/such/folder')]);
  const exported = await gateway.admin.must<{ servers: Record<string, object> }>('POST', '/api/config/export', {
    secrets: 'omitted',
  });
  expect(exported.servers['confined']).toMatchObject({ confinement: { network: true } });
  expect((await change(null)).body).toMatchObject({ program: { confinement: null } });
});

test('POST /registry/servers registers a program and a container; /health counts the restarts of a program', async () => {
  const post = (body: object) => gateway.admin.ask('POST', '/registry/servers', body);
  const container = { id: 'in-container', transport: 'docker-stdio', container: 'tools_1' };
  const run = [EVERYTHING.command, ...EVERYTHING.args];
  expect(await post({ id: 'odd', transport: 'stdio', ...ODD })).toMatchObject({ status: 201, body: { id: 'odd' } });
  expect(await post({ ...container, args: run })).toMatchObject({ status: 201, body: { applied: true } });
  const agent = await gateway.createAgent(['odd', 'in-container']);
  for (const [path, tool] of [
    ['odd', 'crash'],
    ['in-container', 'get-env'],
    ['odd', 'pid'],
  ] as const) {
    const client = await connectClient(at(`${path}/mcp`).href, agent.key);
    const called = client.callTool({ name: tool, arguments: {} });
    if (tool === 'crash') await expect(called).rejects.toThrow();
    else expect((await called).isError ?? false).toBe(false);
    await client.close();
  }
  const { backends } = await gateway.admin.must<{ backends: Record<string, { restart_count: number }> }>(
    'GET',
    '/health',
  );
  expect(backends['odd']?.restart_count).toBeGreaterThan(0);
});

test('the output of a program is returned to administrators, not to viewers', async () => {
  const { lines } = await gateway.admin.must<BridgeOutput>('GET', '/api/servers/everything/output');
  expect(lines.map(({ text }) => text)).toContainEqual(expect.stringContaining('Starting default (STDIO) server'));
  const { number } = lines.at(-1) ?? { number: 0 };
  expect(await gateway.admin.must('GET', `/api/servers/everything/output?after=${number}`)).toMatchObject({
    lines: [],
  });
  const viewer = await gateway.createAgent([], { role: 'viewer' });
  const answer = await fetch(`${gateway.url}/api/servers/everything/output`, {
    headers: { Authorization: `Bearer ${viewer.key}` },
  });
  expect(answer.status).toBe(403);
});

test('a killed bridge affects its own servers only and is restarted soon; without the registry it continues to work', async () => {
  const http = await startEverything();
  await gateway.register({ path: 'by-url', url: http.url });
  const agent = await gateway.createAgent(['everything', 'by-url']);
  const initialize = (path: string) =>
    fetch(at(`${path}/mcp`), {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${agent.key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
      }),
    }).then(async (answer) => {
      await answer.body?.cancel();
      return answer.status;
    });
  expect(await initialize('everything')).toBe(200);
  process.kill(servicePid('bridge'), 'SIGKILL');
  expect([503, 200]).toContain(await initialize('everything'));
  expect(await initialize('by-url')).toBe(200);
  await waitFor('the bridge', async () => (await initialize('everything')) === 200);

  process.kill(servicePid('registry'), 'SIGSTOP');
  try {
    expect(await initialize('everything')).toBe(200);
  } finally {
    process.kill(servicePid('registry'), 'SIGCONT');
  }
  await http.close();
});
