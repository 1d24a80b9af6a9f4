import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallGrant, Explanation, PreviewView } from '../../../../registry/contract/index.ts';
import { SAMPLE_CALL } from '../../../support/registry/sample-call.ts';
import { createClient, type Client } from '../client.ts';
import { createDataDir, PASSWORD, startApp, type Started } from '../start-app.ts';

let folder: ReturnType<typeof createDataDir>;
let app: Started;
let admin: Client;
let requests = 0;

beforeAll(async () => {
  folder = createDataDir();
  app = await startApp(folder.dataDir);
  admin = createClient(app.url);
  await admin.logIn('admin', PASSWORD);
  for (const [path, tags] of [
    ['weather', ['public']],
    ['payroll', []],
  ] as const)
    await admin.post('/api/servers', { body: { path, url: `http://127.0.0.1:9/${path}`, tags } });
  const server = await app.store.servers.byPath('weather');
  for (const name of ['get_time', 'get_secret', 'drop'])
    await app.store.tools.put(server?.id ?? '', {
      name,
      hash: name,
      tool: {
        name,
        inputSchema: { type: 'object' },
        ...(name === 'get_time' && { annotations: { readOnlyHint: true } }),
      },
      findings: [],
    });
  app.calls?.start();
});
afterAll(async () => {
  await app.close();
  folder.remove();
});

const explain = async (query: Record<string, string>) => {
  const answer = await admin.get(`/api/access/explain?${new URLSearchParams(query).toString()}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.json as unknown as Explanation;
};
const createAgent = (name: string, more: object) => admin.post('/api/agents', { body: { name, ...more } });

/** Writes lines of calls.log as the gate does, and stores them. Returns their request ids. */
async function record(calls: Partial<typeof SAMPLE_CALL>[]): Promise<string[]> {
  const logDir = join(folder.dataDir, 'logs');
  mkdirSync(logDir, { recursive: true });
  const lines = calls.map((call) => {
    const id = (requests += 1).toString(16).padStart(32, '0');
    return { time: Date.now() / 1_000, id, ...SAMPLE_CALL, ...call };
  });
  appendFileSync(join(logDir, 'calls.log'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await app.calls?.readAll();
  return lines.map(({ id }) => id);
}

test('an explanation contains the rule that decided, of the agent or of a group', async () => {
  await admin.post('/api/groups', {
    body: { name: 'careful', grants: [{ server: '*', tools: ['get_secret'], effect: 'deny' }, { server: 'payroll' }] },
  });
  await createAgent('asker', {
    grants: [{ server: 'weather', tools: ['get_*'], prompts: ['tag:public'] }],
    groups: ['careful'],
  });
  expect(await explain({ agent: 'asker', server: '/weather', tool: 'get_time' })).toMatchObject({
    allowed: true,
    reason: 'granted',
    rule: { group: null, position: 0, selector: 'get_*' },
    refusals: [],
    isListed: true,
  });
  expect(await explain({ agent: 'asker', server: 'weather', tool: 'GET_SECRET' })).toMatchObject({
    allowed: false,
    reason: 'tool_not_granted',
    rule: { group: 'careful', position: 0, selector: 'get_secret', grant: { effect: 'deny' } },
    isListed: false,
  });
  const none = await explain({ agent: 'asker', server: 'weather', tool: 'drop' });
  expect(none).toMatchObject({ allowed: false, rule: null, detail: 'no grant names the tool drop' });
  expect(await explain({ agent: 'asker', server: 'weather', prompt: 'any' })).toMatchObject({
    allowed: true,
    rule: { selector: 'tag:public' },
  });
  const climbing = await explain({ agent: 'asker', server: 'payroll', resource: 'file:///a/../b' });
  expect(climbing).toMatchObject({ allowed: true, rule: { group: 'careful', position: 1, selector: '*' } });
  expect(await explain({ agent: 'asker', server: 'payroll' })).toMatchObject({
    allowed: true,
    rule: { group: 'careful' },
  });
  const twice = await admin.get('/api/access/explain?agent=asker&server=weather&tool=a&prompt=b');
  expect(twice.problem.errors).toMatchObject([{ field: 'prompt' }]);
  expect((await admin.get('/api/access/explain?agent=nobody&server=weather')).status).toBe(404);
});

test('further reasons for a refusal are listed in the order of the gate', async () => {
  const past = '2020-01-01T00:00:00Z';
  const hours = { days: ['mon'], from: '09:00', to: '17:00', zone: 'UTC' };
  await createAgent('blocked', {
    enabled: false,
    expiresAt: past,
    grants: [
      { server: 'weather', hours },
      { server: 'weather', tools: ['drop'], expiresAt: past },
    ],
  });
  const { json } = await admin.post('/api/agents/blocked/keys', { body: { servers: ['payroll'] } });
  const killed = await admin.post('/api/kill', { body: { scope: 'server', target: 'weather', reason: 'an incident' } });
  const sunday = { agent: 'blocked', server: 'weather', tool: 'drop', at: '2026-11-29T12:00:00Z' };
  const answer = await explain(sunday);
  expect(answer.refusals.map(({ reason }) => reason)).toEqual([
    'agent_disabled',
    'agent_expired',
    'not_granted',
    'killed',
  ]);
  expect(answer.notInForce.map(({ position, why }) => [position, why])).toEqual([
    [0, 'outside_hours'],
    [1, 'expired'],
  ]);
  expect(answer.refusals.at(-1)?.detail).toContain('an incident');
  const monday = await explain({ ...sunday, at: '2026-11-30T12:00:00Z' });
  expect(monday.refusals.map(({ reason }) => reason)).not.toContain('not_granted');
  const limited = await explain({ ...sunday, at: '2026-11-30T12:00:00Z', key: String(json['id']) });
  expect(limited.refusals).toContainEqual({
    reason: 'not_granted',
    detail: `the key ${String(json['id'])} is limited to payroll`,
  });
  await admin.delete(`/api/kill/${String(killed.json['id'])}`);
});

test('a preview lists the real calls and known tools that a change would allow or deny, and saves nothing', async () => {
  await admin.post('/api/groups', { body: { name: 'callers', grants: [{ server: 'weather' }] } });
  await createAgent('worker', { groups: ['callers'] });
  const call = { agent: 'worker', server: 'weather' };
  await record([
    ...Array.from({ length: 3 }, () => ({ ...call, tools: ['drop'] })),
    { ...call, tools: ['get_time'] },
    { ...call, methods: ['tools/list'], tools: [] },
    { ...call, methods: ['resources/read'], tools: [], resources: ['file:///a'] },
    { ...call, methods: ['completion/complete'], tools: [] },
    { ...call, agent: 'asker', tools: ['drop'] },
  ]);
  const preview = async (body: object) => {
    const answer = await admin.post('/api/access/preview', { body });
    expect(answer.status, answer.text).toBe(200);
    return answer.json as unknown as PreviewView;
  };
  const narrowed = await preview({ group: 'callers', grants: [{ server: 'weather', tools: ['annotation:readOnly'] }] });
  expect(narrowed.agents).toEqual(['worker']);
  expect(narrowed.calls).toMatchObject({
    requests: 7,
    allowedBefore: 7,
    allowedAfter: 2,
    unclear: 1,
    isComplete: true,
  });
  expect(
    narrowed.calls?.changed.map(({ tools, resources, count, after }) => [...tools, ...resources, count, after]),
  ).toEqual([
    ['drop', 3, false],
    ['file:///a', 1, false],
  ]);
  expect(narrowed.tools.map(({ tool, before, after }) => [tool, before, after])).toEqual([
    ['drop', true, false],
    ['get_secret', true, false],
  ]);
  const moved = await preview({ agent: 'worker', groups: [], grants: [{ server: 'weather', tools: ['drop'] }] });
  expect(moved.calls?.changed.map(({ tools }) => tools.join()).toSorted()).toEqual(['', 'get_time']);
  expect((await admin.get('/api/agents/worker')).json).toMatchObject({ groups: ['callers'], grants: [] });
  expect((await admin.post('/api/access/preview', { body: { agent: 'worker' } })).status).toBe(422);
  expect((await admin.post('/api/access/preview', { body: { group: 'none', grants: [] } })).status).toBe(404);
});

test('a refused call can be turned into the grant that would allow it, unless something else prevents it', async () => {
  await admin.post('/api/groups', {
    body: { name: 'no-drop', grants: [{ server: 'weather', tools: ['drop'], effect: 'deny' }] },
  });
  await createAgent('refused', { grants: [{ server: 'weather', tools: ['get_time'] }], groups: ['no-drop'] });
  const call = {
    agent: 'refused',
    server: 'weather',
    verdict: 'refused' as const,
    status: 403,
    reason: 'tool_not_granted',
  };
  const [secret, denied, prompt, elsewhere, pattern, query, unknown] = await record([
    { ...call, tools: ['get_time', 'get_secret'] },
    { ...call, tools: ['drop'] },
    { ...call, methods: ['prompts/get'], tools: [], prompts: ['say'], reason: 'prompt_not_granted' },
    { ...call, server: 'payroll', methods: ['initialize'], tools: [], reason: 'not_granted' },
    { ...call, tools: ['a*'] },
    { ...call, methods: ['resources/read'], tools: [], resources: ['https://a/b…'], reason: 'resource_not_granted' },
    { ...call, agent: null, reason: 'key_unknown' },
  ]);
  const propose = async (id: string | undefined) =>
    (await admin.get(`/api/calls/${id ?? ''}/grant`)).json as unknown as CallGrant;
  const empty = { tools: [], resources: [], prompts: [] };
  expect((await propose(secret)).grant).toEqual({ ...empty, server: 'weather', tools: ['get_secret'] });
  expect((await propose(prompt)).grant).toEqual({ ...empty, server: 'weather', prompts: ['say'] });
  expect((await propose(elsewhere)).grant).toEqual({ ...empty, server: 'payroll', tools: ['annotation:readOnly'] });
  expect(await propose(denied)).toMatchObject({
    grant: null,
    detail: expect.stringContaining('no-drop denies') as string,
  });
  expect(await propose(pattern)).toMatchObject({ grant: null, detail: expect.stringContaining('pattern') as string });
  expect(await propose(query)).toMatchObject({ grant: null, detail: expect.stringContaining('query') as string });
  expect(await propose(unknown)).toMatchObject({ grant: null });

  expect((await admin.post(`/api/calls/${denied ?? ''}/grant`)).status).toBe(409);
  const applied = await admin.post(`/api/calls/${secret ?? ''}/grant`);
  expect(applied.json).toMatchObject({ grants: [{ tools: ['get_time'] }, { tools: ['get_secret'] }] });
  expect(await explain({ agent: 'refused', server: 'weather', tool: 'get_secret' })).toMatchObject({ allowed: true });
  expect(await propose(secret)).toMatchObject({
    grant: null,
    detail: expect.stringContaining('already allow') as string,
  });
  expect((await admin.get(`/api/calls/${'f'.repeat(32)}/grant`)).status).toBe(404);
});
