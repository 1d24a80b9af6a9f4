import { connectClient, echo } from '../../test/support/gateway/call-tool.ts';
import type { Gateway } from '../../test/support/gateway/start-gateway.ts';
import { waitFor } from '../../test/support/wait-for.ts';

const DAY_MS = 86_400_000;

/** Calls a tool that the agent may not use. */
async function callRefused(gateway: Gateway, key: string): Promise<void> {
  const response = await fetch(`${gateway.url}/weather/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get-sum', arguments: {} } }),
  });
  await response.body?.cancel();
}

/** Creates agents, groups, limits and refused calls, so that the pages about access have content. Needs the staged servers. */
export async function stageAccess(gateway: Gateway): Promise<void> {
  const { admin, createAgent } = gateway;
  await admin.must('POST', '/api/groups', {
    name: 'readers',
    description: 'May read on every server.',
    grants: [{ server: '*', tools: ['annotation:readOnly', 'get_*', 'list_*'] }],
  });
  const { key } = await createAgent(
    [
      { server: 'weather', tools: ['echo', 'get-tiny-image', '!get-sum'], resources: [], prompts: [] },
      { server: 'team/*', tools: ['*'], resources: ['*'], prompts: ['*'] },
      { server: 'crm', tools: ['*'], resources: ['*'], prompts: ['*'], effect: 'deny' },
    ],
    { name: 'support-bot' },
  );
  await admin.must('PATCH', '/api/agents/support-bot', {
    description: 'Answers tickets at night.',
    owner: 'Customer care',
    tags: ['production'],
    groups: ['readers'],
  });
  await admin.must('POST', '/api/agents/support-bot/keys', {
    label: 'cluster',
    expiresAt: new Date(Date.now() + 9 * DAY_MS).toISOString(),
    servers: ['weather'],
  });
  await admin.must('PUT', '/api/agents/support-bot/limits', {
    zone: 'Europe/Berlin',
    rules: [
      { requestsPerSecond: 20, burst: 80, callsPerDay: 60 },
      { server: 'weather', tool: 'echo', callsPerDay: 50 },
    ],
  });
  await createAgent(['invoices', 'archive'], { name: 'bookkeeping' });
  await admin.must('PATCH', '/api/agents/bookkeeping', { enabled: false, description: 'Until the audit is over.' });
  const client = await connectClient(`${gateway.url}/weather/mcp`, key);
  for (let call = 0; call < 42; call += 1) await echo(client, `ticket ${call}`);
  await client.close();
  for (let call = 0; call < 7; call += 1) await callRefused(gateway, key);
  await waitFor('the refused calls', async () => {
    const { items } = await admin.must<{ items: unknown[] }>('GET', '/api/calls?verdict=refused&agent=support-bot');
    return items.length >= 7;
  });
}
