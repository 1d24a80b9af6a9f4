import { expect, test } from 'vitest';
import type { ConfigInput, ConfigPlan } from '../../../registry/contract/index.ts';
import { useConfiguredApp } from './use-configured-app.ts';

const on = useConfiguredApp();
const { apply, paths, plan, revision, server, status } = on;
const list = (changes: ConfigPlan['changes']) => changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);
const KEY_HASH = 'ab'.repeat(32);

test('a document is planned, applied as one change, and planned again without changes', async () => {
  const document: ConfigInput = {
    servers: { weather: server(), 'team/files': { url: `${on.url}?token=hidden-token`, enabled: false } },
    agents: { laptop: { grants: [{ server: 'weather' }], keys: [{ label: 'one', sha256: KEY_HASH }] } },
  };
  const before = await plan(document);
  expect(list(before.changes)).toEqual(['add server team/files', 'add server weather', 'add agent laptop']);
  expect(JSON.stringify(before)).not.toMatch(/very-secret|hidden-token/);
  const revisionBefore = await revision();

  const applied = await apply(document, { ifRevision: before.revision });
  expect(applied).toMatchObject({ status: 200, body: { applied: true } });
  expect(await revision()).toBe(revisionBefore + 1);
  expect(await paths()).toEqual(['team/files', 'weather']);
  expect(await on.app.store.servers.credentials((await on.app.store.servers.byPath('weather'))!.id)).toEqual({
    Authorization: 'Bearer very-secret',
  });
  expect((await on.app.servers.get('weather')).health).toBe('healthy');
  expect((await on.app.access.agents.get('laptop')).keys).toMatchObject([{ label: 'one' }]);
  const [audited] = (await on.admin.must<{ items: { action: string; after: unknown }[] }>('GET', '/api/audit?limit=1'))
    .items;
  expect(audited).toMatchObject({ action: 'config.applied' });
  expect(JSON.stringify(audited)).not.toMatch(/very-secret|hidden-token/);

  expect((await plan(document)).changes).toEqual([]);
  expect(await apply(document)).toMatchObject({ status: 200, body: { changes: [], unchanged: 3, applied: true } });
  expect(await revision()).toBe(revisionBefore + 1);
});

test('a plan lists changed fields one by one, and secrets without their values', async () => {
  const document: ConfigInput = {
    servers: {
      weather: server({ description: 'Forecasts', headers: { Authorization: 'Bearer other-secret' } }),
      'team/files': { url: `${on.url}?token=hidden-token`, enabled: false },
    },
    agents: { laptop: { grants: [{ server: 'weather' }], keys: [{ label: 'one', sha256: KEY_HASH }] } },
  };
  const { changes } = await plan(document);
  expect(changes).toEqual([
    {
      action: 'change',
      kind: 'server',
      name: 'weather',
      adopts: false,
      fields: [
        { field: 'description', before: '', after: 'Forecasts' },
        { field: 'headers.Authorization', before: '(secret)', after: '(secret)' },
      ],
    },
  ]);
  const id = (await on.app.servers.get('weather')).id;
  expect((await apply(document)).status).toBe(200);
  expect(await on.app.servers.get('weather')).toMatchObject({ id, description: 'Forecasts' });
});

test('an apply that fails in part changes nothing and reports every error', async () => {
  const before = await revision();
  const refused = await apply({
    servers: { fine: server(), bad: { url: 'http://169.254.169.254/mcp' }, mcpgw: server() },
    agents: { other: { keys: [{ sha256: KEY_HASH }] } },
  });
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused.body.errors?.map(({ field }) => field).sort()).toEqual([
    'servers.bad.instances.0.url',
    'servers.mcpgw',
  ]);
  const taken = await apply({
    servers: { fine: server() },
    agents: { other: { keys: [{ sha256: KEY_HASH }] }, laptop: { keys: [{ sha256: KEY_HASH }] } },
  });
  expect(taken.body.errors?.[0]?.field).toBe('agents.other.keys');
  expect(await revision()).toBe(before);
  expect(await paths()).not.toContain('fine');
});

test('a reviewed plan is not applied to a state that has changed since', async () => {
  const document: ConfigInput = { servers: { weather: server() } };
  const reviewed = await plan(document);
  await on.admin.must('POST', '/api/agents', { name: 'by-api' });
  expect(await apply(document, { ifRevision: reviewed.revision })).toMatchObject({ status: 412 });
});

test('a managed entry can be changed in its configuration only, unless it is taken over; it can be given back', async () => {
  const document: ConfigInput = { servers: { weather: server() }, agents: { laptop: {} } };
  await apply(document);
  expect(await on.app.servers.get('weather')).toMatchObject({ managedBy: 'test' });
  for (const [method, path, body] of [
    ['PATCH', '/api/servers/weather', { enabled: false }],
    ['DELETE', '/api/servers/weather', undefined],
    ['PATCH', '/api/agents/laptop', { description: 'x' }],
    ['PUT', '/api/agents/laptop/grants', [{ server: '*' }]],
    ['DELETE', '/api/agents/laptop', undefined],
  ] as const)
    expect(await on.admin.ask(method, path, body)).toMatchObject({
      status: 409,
      body: {
        detail: expect.stringContaining('managed by the configuration "test"'),
        hint: expect.stringContaining('take-over'),
      },
    });
  expect((await on.admin.ask('POST', '/api/agents/laptop/keys', {})).status).toBe(201);
  await apply({ ...document, agents: { laptop: { keys: [{ sha256: KEY_HASH }] } } });
  const [given, created] = (await on.app.access.agents.get('laptop')).keys.sort((a, b) => (a.id < b.id ? 1 : -1));
  expect([given, created]).toMatchObject([{ managedBy: 'test' }, { managedBy: null }]);
  expect((await on.admin.ask('DELETE', `/api/agents/laptop/keys/${given!.id}`)).status).toBe(409);
  expect((await on.admin.ask('DELETE', `/api/agents/laptop/keys/${created!.id}`)).status).toBe(204);
  await apply(document);

  expect((await on.admin.ask('POST', '/api/config/take-over', { kind: 'server', name: 'weather' })).status).toBe(200);
  expect((await on.admin.ask('PATCH', '/api/servers/weather', { description: 'mine' })).status).toBe(200);
  const after = await apply(document);
  expect(after.body).toMatchObject({ changes: [], takenOver: [{ kind: 'server', name: 'weather', by: 'admin' }] });
  expect((await on.app.servers.get('weather')).description).toBe('mine');

  // A refused document ends no takeover, though it does not contain the entry.
  const refused = await apply({ servers: { bad: { url: 'http://169.254.169.254/mcp' } } });
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect((await status()).takenOver).toMatchObject([{ kind: 'server', name: 'weather' }]);

  await on.admin.must('POST', '/api/config/give-back', { kind: 'server', name: 'weather' });
  const back = await apply(document);
  expect(back.body.changes).toMatchObject([{ action: 'change', name: 'weather', adopts: true }]);
  expect(await on.app.servers.get('weather')).toMatchObject({ description: '', managedBy: 'test' });

  // An applied document without the entry ends its takeover in the same change, with an audit row.
  await on.admin.must('POST', '/api/config/take-over', { kind: 'server', name: 'weather' });
  const before = await revision();
  expect(await apply({ agents: { laptop: {} } })).toMatchObject({ status: 200, body: { changes: [], applied: true } });
  expect(await revision()).toBe(before + 1);
  expect((await status()).takenOver).toEqual([]);
  const [row] = (await on.admin.must<{ items: { action: string; after: unknown }[] }>('GET', '/api/audit?limit=1'))
    .items;
  expect(row).toMatchObject({ action: 'config.applied', after: { givenBack: [{ kind: 'server', name: 'weather' }] } });
  await apply(document);
  expect((await on.admin.ask('POST', '/api/config/take-over', { kind: 'server', name: 'nowhere' })).status).toBe(404);
});

test('an apply removes only entries of its own source, and an entry has at most one source', async () => {
  await on.admin.must('POST', '/api/servers?wait=false', { path: 'by-hand', url: on.url });
  await apply({ servers: { second: server() } }, { source: 'second' });
  expect(await apply({ servers: { weather: server(), second: server() } })).toMatchObject({
    status: 409,
    body: { errors: [{ field: 'servers.second' }] },
  });
  const emptied = await apply({});
  expect(list(emptied.body.changes)).toEqual(['remove server weather', 'remove agent laptop']);
  expect(await paths()).toEqual(expect.arrayContaining(['by-hand', 'second']));
  await apply({}, { source: 'second' });
});

test('a program is skipped with the reason where programs are not allowed, and nothing is removed', async () => {
  const applied = await apply({ servers: { files: { command: 'npx', args: ['-y', 'x'] }, weather: server() } });
  expect(applied.body).toMatchObject({
    skipped: [{ name: 'files', reason: expect.stringContaining('STDIO_COMMANDS=allow') }],
  });
  expect(list(applied.body.changes)).toEqual(['add server weather']);
  await apply({});
});
