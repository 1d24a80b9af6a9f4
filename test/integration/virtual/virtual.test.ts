import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerView, VirtualVersions } from '../../../registry/contract/index.ts';
import { startChangingTools, type ChangingFixture } from '../../fixtures/backends/tools/changing-tools.ts';
import { startEverything } from '../../support/gateway/start-everything.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';

let gateway: Gateway;
let everything: Awaited<ReturnType<typeof startEverything>>;
let changing: ChangingFixture;
const clients: { close: () => Promise<void> }[] = [];

const TOOLS = [
  { server: 'everything', tool: 'echo', name: 'repeat', description: 'Says it again' },
  { server: 'everything', tool: 'get-sum', name: 'add_to_40', fixed: { a: 40 } },
  { server: 'changing', tool: 'first' },
];

beforeAll(async () => {
  [everything, changing] = await Promise.all([startEverything(), startChangingTools()]);
  gateway = await startGateway();
  await gateway.register({ path: 'everything', url: everything.url });
  await gateway.register({ path: 'changing', url: changing.url });
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await gateway.close();
  await Promise.all([everything.close(), changing.close()]);
});

const show = () => gateway.admin.must<ServerView>('GET', '/api/servers/desk');
const patch = (tools: object[]) => gateway.admin.must<ServerView>('PATCH', '/api/servers/desk', { tools });

async function connect(key: string): Promise<Client> {
  const client = new Client({ name: 'agent', version: '1' });
  const requestInit = { headers: { Authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/desk/mcp`), { requestInit }));
  clients.push(client);
  return client;
}
async function connectModern(key: string): Promise<ModernClient> {
  const client = new ModernClient({ name: 'agent', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  const requestInit = { headers: { Authorization: `Bearer ${key}` } };
  await client.connect(new ModernTransport(new URL(`${gateway.url}/desk/mcp`), { requestInit }));
  clients.push(client);
  return client;
}
const namesOf = async (client: Client | ModernClient) =>
  (await client.listTools()).tools.map(({ name }) => name).sort();
const textOf = (called: object) => (called as { content: { text: string }[] }).content[0]?.text ?? '';

test('an invalid virtual server is refused with the field', async () => {
  const answers = async (tools: object[], more: object = {}) => {
    const { status, body } = await gateway.admin.ask('POST', '/api/servers', { path: 'desk', tools, ...more });
    return `${status} ${JSON.stringify(body)}`;
  };
  expect(await answers([{ server: 'nowhere', tool: 'x' }])).toMatch(/^422 .*tools\.0\.server.*no server at/);
  expect(await answers([{ server: 'everything', tool: 'ecko' }])).toMatch(/^422 .*tools\.0\.tool.*has no tool/);
  expect(await answers([{ server: 'everything', tool: 'echo', fixed: { text: 1 } }])).toMatch(/has no argument/);
  expect(await answers([{ server: 'everything', tool: 'echo', hidden: ['message'] }])).toMatch(/give it a fixed value/);
  expect(await answers([TOOLS[0] ?? {}, TOOLS[0] ?? {}])).toMatch(/^422 .*tools\.1\.name/);
  expect(await answers(TOOLS, { url: everything.url })).toMatch(/^422 .*does not belong to a virtual server/);
});

test.each(['with sessions', 'without sessions'])(
  'an agent calls tools of several servers at one path, %s',
  async (how) => {
    if (how === 'with sessions') {
      const created = await gateway.register({ path: 'desk', name: 'Desk', transport: 'virtual', tools: TOOLS });
      expect(created).toMatchObject({ transport: 'virtual', health: 'healthy', toolCount: 3, virtual: { version: 1 } });
    }
    const { key, name } = await gateway.createAgent(['desk', 'everything', 'changing']);
    const client = how === 'with sessions' ? await connect(key) : await connectModern(key);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name).sort()).toEqual(['add_to_40', 'first', 'repeat']);
    expect(tools.find((tool) => tool.name === 'repeat')?.description).toBe('Says it again');
    const sum = tools.find((tool) => tool.name === 'add_to_40');
    expect(sum?.inputSchema).toMatchObject({ required: ['b'] });
    expect(Object.keys(sum?.inputSchema.properties ?? {})).toEqual(['b']);
    expect(textOf(await client.callTool({ name: 'add_to_40', arguments: { b: 2 } }))).toContain('42');
    const refused = await client.callTool({ name: 'add_to_40', arguments: { a: 1, b: 2 } });
    expect(refused.isError).toBe(true);
    expect(textOf(refused)).toContain('"a" cannot be given here');
    const lines = () => readFileSync(join(gateway.logDir, 'calls.log'), 'utf8');
    const logged = (server: string, tool: string) => {
      const of = lines()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { agent: string; server: string; tools: string[] });
      return of.some((line) => line.agent === name && line.server === server && line.tools.includes(tool));
    };
    await waitFor('both lines', () => logged('desk', 'add_to_40') && logged('everything', 'get-sum'));
  },
);

test('a caller needs a grant for the tool at the virtual server and at its own server', async () => {
  const { key } = await gateway.createAgent([
    { server: 'desk', tools: ['repeat', 'add_to_40'], resources: [], prompts: [] },
    { server: 'everything', tools: ['echo'], resources: [], prompts: [] },
    { server: 'changing', tools: ['*'], resources: [], prompts: [] },
  ]);
  const client = await connect(key);
  expect(await namesOf(client)).toEqual(['repeat']);
  expect(textOf(await client.callTool({ name: 'repeat', arguments: { message: 'hi' } }))).toContain('hi');
  await expect(client.callTool({ name: 'add_to_40', arguments: { b: 2 } })).rejects.toThrow(/get-sum/);
  await expect(client.callTool({ name: 'first', arguments: {} })).rejects.toThrow(/first/);
});

test('limits of the agent count a call once', async () => {
  const { key, name } = await gateway.createAgent(['desk', 'everything']);
  const client = await connect(key);
  const rules = [{ callsPerDay: 2, concurrentCalls: 1 }];
  await gateway.admin.must('PUT', `/api/agents/${name}/limits`, { rules });
  const say = (message: string) => client.callTool({ name: 'repeat', arguments: { message } });
  for (const message of ['one', 'two']) expect(textOf(await say(message))).toContain(message);
  await expect(say('three')).rejects.toThrow('calls a day');
});

test('a tool that no longer exists is omitted and reported by health, and clients are notified; the others still work', async () => {
  const { key } = await gateway.createAgent(['desk', 'everything', 'changing']);
  const client = await connect(key);
  let notifications = 0;
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => void (notifications += 1));
  expect(await namesOf(client)).toContain('first');
  await changing.put({ name: 'second', description: 'Another tool.' });
  await changing.remove('first');
  await gateway.admin.must('POST', '/api/servers/changing/refresh');
  await waitFor('the notification', () => notifications > 0, 10_000);
  expect(await namesOf(client)).toEqual(['add_to_40', 'repeat']);
  await waitFor('the health', async () => (await show()).health === 'degraded', 10_000);
  expect((await show()).error).toContain('"changing" has no tool "first" any more');
  expect(textOf(await client.callTool({ name: 'first', arguments: {} }))).toContain('cannot be used at present');
  expect(textOf(await client.callTool({ name: 'repeat', arguments: { message: 'on' } }))).toContain('on');
});

test('each save is a version, and an earlier one can be used again', async () => {
  const own = TOOLS.slice(0, 2);
  expect(await patch(own)).toMatchObject({ health: 'healthy', virtual: { version: 2 } });
  expect((await patch(own)).virtual?.version).toBe(2);
  await patch([{ ...own[0], name: 'say' }]);
  const { items } = await gateway.admin.must<VirtualVersions>('GET', '/api/servers/desk/versions');
  expect(items.map(({ version, by, tools }) => [version, by, tools.length])).toEqual([
    [3, 'admin', 1],
    [2, 'admin', 2],
    [1, 'admin', 3],
  ]);
  const back = await gateway.admin.must<ServerView>('POST', '/api/servers/desk/versions/2/restore');
  expect(back.virtual).toEqual({ version: 4, tools: own });
  const { key } = await gateway.createAgent(['desk', 'everything']);
  expect(await namesOf(await connect(key))).toEqual(['add_to_40', 'repeat']);
  expect(await gateway.admin.ask('POST', '/api/servers/desk/versions/9/restore')).toMatchObject({ status: 404 });
});

test('a virtual server cannot contain tools of virtual servers, and cannot become another kind of server', async () => {
  const of = await gateway.admin.ask('POST', '/api/servers', {
    path: 'twice',
    tools: [{ server: 'desk', tool: 'repeat' }],
  });
  expect(of.status).toBe(422);
  expect(JSON.stringify(of.body)).toContain('is a virtual server');
  const url = await gateway.admin.ask('PATCH', '/api/servers/desk', { url: everything.url });
  expect(JSON.stringify(url.body)).toContain('is a virtual server, and that cannot be changed');
});

test('its tools can be locked, and an export contains them', async () => {
  await gateway.admin.must('PUT', '/api/servers/desk/tool-lock', { mode: 'block' });
  const { servers } = await gateway.admin.must<{ servers: Record<string, object> }>('POST', '/api/config/export', {});
  expect(servers['desk']).toMatchObject({ transport: 'virtual', tools: TOOLS.slice(0, 2) });
});
