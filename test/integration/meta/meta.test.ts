import { ElicitRequestSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { startChangingTools } from '../../fixtures/backends/tools/changing-tools.ts';
import { waitFor } from '../../support/wait-for.ts';
import { ask, textOf, useMetaSite, type Called, type Line } from './use-meta-site.ts';

interface Servers {
  servers: { name: string; status: string; tools_count: number | null }[];
}
interface Matches {
  matches: { server: string; tool: string; inputSchema: object }[];
}

const site = useMetaSite();
const { connect, connectModern, pidOf, readLines, setToolList } = site;

test('a key without any grant connects and sees nothing; no key is refused', async () => {
  const { key, name } = await site.gateway.createAgent([]);
  await setToolList(name, 'meta');
  const client = await connect(key);
  expect(await ask<Servers>(client, 'gateway_list_servers')).toEqual({ servers: [] });
  const direct = await fetch(`${site.gateway.url}/mcp`, { method: 'POST', body: '{}' });
  expect(direct.status).toBe(401);
});

test.each(['with sessions', 'without sessions'])(
  'an agent finds and calls a tool of another server, %s',
  async (how) => {
    const { key, name } = await site.gateway.createAgent(['everything', 'modern']);
    await setToolList(name, 'meta');
    const client = how === 'with sessions' ? await connect(key) : await connectModern(key);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name).toSorted()).toEqual([
      'gateway_invoke',
      'gateway_list_servers',
      'gateway_list_tools',
      'gateway_search_tools',
    ]);
    const { servers } = await waitFor('known tools', async () => {
      const listed = await ask<Servers>(client, 'gateway_list_servers');
      return (
        listed.servers.length === 2 && listed.servers.every(({ tools_count: count }) => (count ?? 0) > 0) && listed
      );
    });
    expect(servers.map((server) => server.name)).toEqual(['everything', 'modern']);
    const { matches } = await ask<Matches>(client, 'gateway_search_tools', { query: 'echo a message back' });
    expect(matches[0]).toMatchObject({ server: 'everything', tool: 'echo', inputSchema: { type: 'object' } });
    const args = { server: 'everything', tool: 'echo', arguments: { message: 'grüße' } };
    expect(textOf(await client.callTool({ name: 'gateway_invoke', arguments: args }))).toContain('grüße');
    const listed = await ask<{ tools: { name: string }[] }>(client, 'gateway_list_tools', { server: 'modern' });
    const first = listed.tools[0]?.name ?? '';
    const called = await client.callTool({
      name: 'gateway_invoke',
      arguments: { server: 'modern', tool: first, arguments: {} },
    });
    expect(JSON.stringify(called)).not.toContain('there is no');
  },
);

test('only what is granted is listed, found and called; the gate decides and logs each call with the agent', async () => {
  const { key, name } = await site.gateway.createAgent([
    { server: 'everything', tools: ['echo'], resources: [], prompts: [] },
  ]);
  await setToolList(name, 'meta');
  const client = await connect(key);
  const { tools } = await ask<{ tools: { name: string }[] }>(client, 'gateway_list_tools', { server: 'everything' });
  expect(tools.map((tool) => tool.name)).toEqual(['echo']);
  const { matches } = await ask<Matches>(client, 'gateway_search_tools', { query: 'sum of two numbers' });
  expect(matches.filter(({ tool }) => tool !== 'echo')).toEqual([]);
  const refused = (await client.callTool({
    name: 'gateway_invoke',
    arguments: { server: 'everything', tool: 'get-sum', arguments: { a: 1, b: 2 } },
  })) as Called;
  expect(refused.isError).toBe(true);
  const other = (await client.callTool({
    name: 'gateway_invoke',
    arguments: { server: 'modern', tool: 'x', arguments: {} },
  })) as Called;
  expect(textOf(other)).toContain('there is no server "modern"');
  await client.callTool({
    name: 'gateway_invoke',
    arguments: { server: 'everything', tool: 'echo', arguments: { message: 'x' } },
  });
  await waitFor('the line of the inner call', () =>
    readLines().some((line) => line.agent === name && line.server === 'everything' && line.tools.includes('echo')),
  );
});

test('up to 100 tools are listed directly, with prefixed names that can be called', async () => {
  const { key } = await site.gateway.createAgent(['everything', 'modern']);
  const client = await connect(key);
  const { tools } = await client.listTools();
  expect(tools.map((tool) => tool.name)).toContain('everything__echo');
  expect(tools.every((tool) => /^[A-Za-z0-9_-]{1,64}$/.test(tool.name))).toBe(true);
  const result = await client.callTool({ name: 'everything__echo', arguments: { message: 'direct' } });
  expect(textOf(result)).toContain('direct');
});

test('with more than 100 tools an agent gets the four of the meta endpoint, unless it is set to get all', async () => {
  const tools = Array.from({ length: 101 }, (_, number) => ({ name: `tool-${number}` }));
  const many = await startChangingTools({ tools });
  try {
    await site.gateway.register({ path: 'many', url: many.url });
    const { key, name } = await site.gateway.createAgent(['many']);
    const listed = async () => (await (await connect(key)).listTools()).tools.map((tool) => tool.name).toSorted();
    expect(await listed()).toEqual([
      'gateway_invoke',
      'gateway_list_servers',
      'gateway_list_tools',
      'gateway_search_tools',
    ]);
    await setToolList(name, 'direct');
    expect(await listed()).toEqual(tools.map((tool) => `many__${tool.name}`).toSorted());
    await site.gateway.admin.must('DELETE', '/api/servers/many');
  } finally {
    await many.close();
  }
});

test('progress, cancellation and elicitation are passed through', async () => {
  const { key, name } = await site.gateway.createAgent(['everything']);
  const client = await connect(key);
  const seen: number[] = [];
  const invoke = (tool: string, args: Record<string, unknown>) => ({
    name: 'gateway_invoke',
    arguments: { server: 'everything', tool, arguments: args },
  });
  await client.callTool(invoke('trigger-long-running-operation', { duration: 1, steps: 4 }), undefined, {
    onprogress: ({ progress }) => void seen.push(progress),
  });
  expect(seen.length).toBeGreaterThan(1);

  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' as const }));
  const declined = await client.callTool(invoke('trigger-elicitation-request', {}));
  expect(JSON.stringify(declined)).toContain('declined');

  const abort = new AbortController();
  const long = client.callTool(invoke('trigger-long-running-operation', { duration: 600, steps: 600 }), undefined, {
    signal: abort.signal,
    onprogress: () => abort.abort('enough'),
  });
  await expect(long).rejects.toThrow();
  // The line of a request is written when it ends.
  const isLong = ({ agent, server, tools }: Line) =>
    agent === name && server === 'everything' && tools.includes('trigger-long-running-operation');
  await waitFor('the inner call to end', () => readLines().filter(isLong).length === 2);
});

test('servers that are down or hang do not affect others', async () => {
  const { key, name } = await site.gateway.createAgent(['*']);
  await setToolList(name, 'meta');
  const client = await connect(key);
  const began = performance.now();
  const { servers } = await ask<Servers>(client, 'gateway_list_servers');
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(servers.find((server) => server.name === 'everything')?.status).toBe('healthy');
  expect(servers.find((server) => server.name === 'down')?.status).not.toBe('healthy');
  // The problem of a server contains its address for operators, not for agents.
  expect(servers.find((server) => server.name === 'down')).toHaveProperty('problem');
  expect(JSON.stringify(servers)).not.toMatch(/127\.0\.0\.1|https?:/);
  const hanging = client.callTool({ name: 'gateway_invoke', arguments: { server: 'hangs', tool: 'x', arguments: {} } });
  hanging.catch(() => undefined);
  const down = (await client.callTool({ name: 'gateway_invoke', arguments: { server: 'down', tool: 'x' } })) as Called;
  expect(down.isError).toBe(true);
  expect(textOf(down)).toContain('unreachable');
  const args = { server: 'everything', tool: 'echo', arguments: { message: 'meanwhile' } };
  expect(textOf(await client.callTool({ name: 'gateway_invoke', arguments: args }))).toContain('meanwhile');
});

test('a call through the meta endpoint counts once for each limit, also for that of concurrent calls', async () => {
  const { key, name } = await site.gateway.createAgent(['everything']);
  await setToolList(name, 'meta');
  const client = await connect(key);
  const echo = (message: string) =>
    client.callTool({
      name: 'gateway_invoke',
      arguments: { server: 'everything', tool: 'echo', arguments: { message } },
    });
  const rules = [
    { callsPerDay: 3, concurrentCalls: 1, requestsPerSecond: 0.001, burst: 5 },
    { tool: 'echo', callsPerDay: 3 },
  ];
  await site.gateway.admin.must('PUT', `/api/agents/${name}/limits`, { rules });
  for (const message of ['one', 'two', 'three']) expect(textOf(await echo(message))).toContain(message);
  const { items } = await site.gateway.admin.must<{
    items: { callsToday: { used: number }; requests?: { used: number } }[];
  }>('GET', `/api/agents/${name}/limits/use`);
  expect(items.map(({ callsToday }) => callsToday.used)).toEqual([3, 3]);
  // Only the three requests to the meta endpoint count for the agent, not those that it sends for them.
  expect(Math.ceil(items[0]?.requests?.used ?? 0)).toBe(3);
  const limited = (await echo('four')) as Called;
  expect(limited.isError).toBe(true);
  expect(textOf(limited)).toContain('calls a day');
});

test('clients are notified of changed tools', async () => {
  const { key } = await site.gateway.createAgent(['later']);
  const client = await connect(key);
  let notifications = 0;
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => void (notifications += 1));
  expect((await client.listTools()).tools).toEqual([]);
  await site.gateway.register({ path: 'later', url: site.everything });
  await waitFor('the notification', () => notifications > 0, 10_000);
  expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('later__echo');
});

test('/mcp/<path> is the server itself', async () => {
  const { key } = await site.gateway.createAgent(['everything']);
  const client = await connect(key, 'mcp/everything');
  expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('echo');
  const { key: other } = await site.gateway.createAgent(['modern']);
  await expect(connect(other, 'mcp/everything')).rejects.toThrow('no grant');
});

test('the meta endpoint works while the registry does not respond', async () => {
  const { key } = await site.gateway.createAgent(['everything']);
  process.kill(pidOf('registry'), 'SIGSTOP');
  try {
    const client = await connect(key);
    const args = { server: 'everything', tool: 'echo', arguments: { message: 'alone' } };
    expect(textOf(await client.callTool({ name: 'gateway_invoke', arguments: args }))).toContain('alone');
    const { matches } = await ask<Matches>(client, 'gateway_search_tools', { query: 'echo' });
    expect(matches[0]?.tool).toBe('echo');
  } finally {
    process.kill(pidOf('registry'), 'SIGCONT');
  }
});
