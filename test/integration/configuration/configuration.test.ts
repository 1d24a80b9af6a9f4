import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConfigInput, ConfigPlan, ConfigStatus } from '../../../registry/contract/index.ts';
import { signIn, type AdminClient } from '../../support/gateway/admin-client.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startEcho } from '../../fixtures/backends/compliant/echo.ts';
import { makeDataDir, PASSWORD, startApp, type Started } from '../http/start-app.ts';

// The registry with a fake publisher in place of NGINX; test/integration/docs runs the same against whole gateways.
const { dataDir, remove } = makeDataDir();
const file = join(dataDir, 'mcpgw.config.yaml');
let app: Started;
let admin: AdminClient;
let echo: Awaited<ReturnType<typeof startEcho>>;

beforeAll(async () => {
  mkdirSync(dataDir, { recursive: true });
  echo = await startEcho();
  app = await startApp(dataDir);
  admin = await signIn(app.url, 'admin', PASSWORD);
});
afterAll(async () => {
  await app.close();
  await echo.close();
  remove();
});

const apply = (document: ConfigInput, more: object = {}) =>
  admin.ask<ConfigPlan & { applied: boolean; detail?: string; errors?: { field: string; message: string }[] }>(
    'POST',
    '/api/config/apply',
    { document, source: 'test', ...more },
  );
const plan = (document: ConfigInput) =>
  admin.must<ConfigPlan>('POST', '/api/config/plan', { document, source: 'test' });
const list = (changes: ConfigPlan['changes']) => changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);
const status = () => admin.must<ConfigStatus>('GET', '/api/config');
const revision = () => app.store.meta.revision();
const paths = async () => (await app.servers.all()).map(({ path }) => path);

const server = (more: object = {}) => ({ url: echo.url, headers: { Authorization: 'Bearer very-secret' }, ...more });
const KEY_HASH = 'ab'.repeat(32);

test('a document is planned, applied as one change, and planned again without changes', async () => {
  const document: ConfigInput = {
    servers: { weather: server(), 'team/files': { url: `${echo.url}?token=hidden-token`, enabled: false } },
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
  expect(await app.store.servers.credentials((await app.store.servers.byPath('weather'))!.id)).toEqual({
    Authorization: 'Bearer very-secret',
  });
  expect((await app.servers.get('weather')).health).toBe('healthy');
  expect((await app.access.agents.get('laptop')).keys).toMatchObject([{ label: 'one' }]);
  const [audited] = (await admin.must<{ items: { action: string; after: unknown }[] }>('GET', '/api/audit?limit=1'))
    .items;
  expect(audited).toMatchObject({ action: 'config.applied' });
  expect(JSON.stringify(audited)).not.toMatch(/very-secret|hidden-token/);

  expect((await plan(document)).changes).toEqual([]);
  expect(await apply(document)).toMatchObject({ status: 200, body: { changes: [], unchanged: 3, applied: true } });
  expect(await revision()).toBe(revisionBefore + 1);
});

test('what changed is named field by field, and secrets only as such', async () => {
  const document: ConfigInput = {
    servers: {
      weather: server({ description: 'Forecasts', headers: { Authorization: 'Bearer other-secret' } }),
      'team/files': { url: `${echo.url}?token=hidden-token`, enabled: false },
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
  const id = (await app.servers.get('weather')).id;
  expect((await apply(document)).status).toBe(200);
  expect(await app.servers.get('weather')).toMatchObject({ id, description: 'Forecasts' });
});

test('an apply that fails in part changes nothing and names every mistake', async () => {
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

test('a plan that was reviewed is not applied to another state', async () => {
  const document: ConfigInput = { servers: { weather: server() } };
  const reviewed = await plan(document);
  await admin.must('POST', '/api/agents', { name: 'by-api' });
  expect(await apply(document, { ifRevision: reviewed.revision })).toMatchObject({ status: 412 });
});

test('what a configuration manages is changed there, or taken over on purpose and given back', async () => {
  const document: ConfigInput = { servers: { weather: server() }, agents: { laptop: {} } };
  await apply(document);
  expect(await app.servers.get('weather')).toMatchObject({ managedBy: 'test' });
  for (const [method, path, body] of [
    ['PATCH', '/api/servers/weather', { enabled: false }],
    ['DELETE', '/api/servers/weather', undefined],
    ['PATCH', '/api/agents/laptop', { description: 'x' }],
    ['PUT', '/api/agents/laptop/grants', [{ server: '*' }]],
    ['DELETE', '/api/agents/laptop', undefined],
  ] as const)
    expect(await admin.ask(method, path, body)).toMatchObject({
      status: 409,
      body: {
        detail: expect.stringContaining('managed by the configuration "test"'),
        hint: expect.stringContaining('take-over'),
      },
    });
  expect((await admin.ask('POST', '/api/agents/laptop/keys', {})).status).toBe(201);

  expect((await admin.ask('POST', '/api/config/take-over', { kind: 'server', name: 'weather' })).status).toBe(200);
  expect((await admin.ask('PATCH', '/api/servers/weather', { description: 'mine' })).status).toBe(200);
  const after = await apply(document);
  expect(after.body).toMatchObject({ changes: [], takenOver: [{ kind: 'server', name: 'weather', by: 'admin' }] });
  expect((await app.servers.get('weather')).description).toBe('mine');

  // All or nothing: one that is refused forgets nothing that was taken over, though it does not name it.
  const refused = await apply({ servers: { bad: { url: 'http://169.254.169.254/mcp' } } });
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect((await status()).takenOver).toMatchObject([{ kind: 'server', name: 'weather' }]);

  await admin.must('POST', '/api/config/give-back', { kind: 'server', name: 'weather' });
  const back = await apply(document);
  expect(back.body.changes).toMatchObject([{ action: 'change', name: 'weather', adopts: true }]);
  expect(await app.servers.get('weather')).toMatchObject({ description: '', managedBy: 'test' });

  // One that is applied forgets it in the same change, with an audit row.
  await admin.must('POST', '/api/config/take-over', { kind: 'server', name: 'weather' });
  const before = await revision();
  expect(await apply({ agents: { laptop: {} } })).toMatchObject({ status: 200, body: { changes: [], applied: true } });
  expect(await revision()).toBe(before + 1);
  expect((await status()).takenOver).toEqual([]);
  const [row] = (await admin.must<{ items: { action: string; after: unknown }[] }>('GET', '/api/audit?limit=1')).items;
  expect(row).toMatchObject({ action: 'config.applied', after: { givenBack: [{ kind: 'server', name: 'weather' }] } });
  await apply(document);
  expect((await admin.ask('POST', '/api/config/take-over', { kind: 'server', name: 'nowhere' })).status).toBe(404);
});

test('only what comes from the same configuration is removed, and no two manage the same', async () => {
  await admin.must('POST', '/api/servers?wait=false', { path: 'by-hand', url: echo.url });
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

test('limits are part of it: those that are given hold, those that are left out stay, and a removed name leaves none', async () => {
  const rules = {
    server: [{ callsPerDay: 500 }],
    agent: [{ server: 'weather', requestsPerSecond: 2 }],
    group: [{ perAgent: true as const, callsPerDay: 9 }],
  };
  const document: ConfigInput = {
    servers: { weather: server({ limits: { rules: rules.server } }), second: server() },
    groups: { ops: { limits: { rules: rules.group } } },
    agents: { laptop: { groups: ['ops'], limits: { zone: 'Europe/Berlin', rules: rules.agent } } },
  };
  const limitsOf = (path: string) => admin.must<{ rules: object[]; zone: string }>('GET', `/api/${path}/limits`);
  expect((await apply(document)).status).toBe(200);
  expect((await limitsOf('servers/weather')).rules).toEqual(rules.server);
  expect((await limitsOf('groups/ops')).rules).toEqual(rules.group);
  expect(await limitsOf('agents/laptop')).toMatchObject({ zone: 'Europe/Berlin', rules: rules.agent });
  expect((await plan(document)).changes).toEqual([]);

  await admin.must('PUT', '/api/servers/second/limits', { rules: [{ callsPerDay: 1 }] });
  await admin.must('PUT', '/api/agents/laptop/limits', { rules: [] });
  expect((await plan(document)).changes).toEqual([
    {
      ...{ action: 'change', kind: 'agent', name: 'laptop', adopts: false },
      fields: [
        { field: 'limits', before: { zone: 'UTC', rules: [] }, after: { zone: 'Europe/Berlin', rules: rules.agent } },
      ],
    },
  ]);
  await apply(document);
  expect((await limitsOf('servers/second')).rules).toEqual([{ callsPerDay: 1 }]);
  expect((await limitsOf('agents/laptop')).rules).toEqual(rules.agent);

  const wrong = await apply({ servers: { weather: server({ limits: { rules: [{ largeBodies: 1 } as object] } }) } });
  expect(wrong.status).toBe(422);
  expect(wrong.body.errors?.[0]?.field).toContain('servers.weather.limits.rules.0');

  await apply({ servers: document.servers });
  await apply({ ...document, groups: { ops: {} }, agents: { laptop: { groups: ['ops'] } } });
  expect((await limitsOf('agents/laptop')).rules).toEqual([]);
  expect((await limitsOf('groups/ops')).rules).toEqual([]);
  await apply({});
});

test('what was removed leaves no limits behind, and a new agent begins with those that new agents begin with', async () => {
  const rules = [{ callsPerDay: 7 }];
  await admin.must('PATCH', '/api/settings', { agentLimits: { rules } });
  const document: ConfigInput = { agents: { limited: { groups: ['guests'] } }, groups: { guests: {} } };
  const limitsOf = async (path: string) => (await admin.must<{ rules: object[] }>('GET', `/api/${path}/limits`)).rules;
  await apply(document);
  expect(await limitsOf('agents/limited')).toEqual(rules);
  await admin.must('PUT', '/api/agents/limited/limits', { rules: [{ callsPerDay: 1 }] });
  await admin.must('PUT', '/api/groups/guests/limits', { rules: [{ callsPerDay: 2 }] });
  // A change of an agent that is there changes no limit.
  await apply({ ...document, agents: { limited: { description: 'x', groups: ['guests'] } } });
  expect(await limitsOf('agents/limited')).toEqual([{ callsPerDay: 1 }]);
  await apply({});
  await admin.must('PATCH', '/api/settings', { agentLimits: { rules: [] } });
  await apply(document);
  expect([await limitsOf('agents/limited'), await limitsOf('groups/guests')]).toEqual([[], []]);
  await apply({});
});

test('a program is skipped with the reason where none may run, and removes nothing', async () => {
  const applied = await apply({ servers: { files: { command: 'npx', args: ['-y', 'x'] }, weather: server() } });
  expect(applied.body).toMatchObject({
    skipped: [{ name: 'files', reason: expect.stringContaining('STDIO_COMMANDS=allow') }],
  });
  expect(list(applied.body.changes)).toEqual(['add server weather']);
  await apply({});
});

test('the file of the gateway is applied when it appears and when it changes; one that is broken changes nothing', async () => {
  app.configuration.watch();
  writeFileSync(join(dataDir, 'token'), 'Bearer from-a-file\n');
  writeFileSync(file, `servers:\n  from-file:\n    url: ${echo.url}\n    headers: { Authorization: "file:token" }\n`);
  await waitFor('the file', async () => (await paths()).includes('from-file'));
  const { id } = await app.servers.get('from-file');
  expect(await app.store.servers.credentials(id)).toEqual({ Authorization: 'Bearer from-a-file' });
  expect(await waitFor('its status', async () => (await status()).state === 'applied' && status())).toMatchObject({
    file,
    problems: [],
    managed: [{ kind: 'server', name: 'from-file', source: 'mcpgw.config' }],
  });

  const before = await revision();
  writeFileSync(file, `servers:\n  from-file:\n    url: ${echo.url}\n   oops: true\n`);
  const broken = await waitFor('that it is broken', async () => (await status()).state === 'broken' && status());
  expect(broken.problems).toMatchObject([{ line: 4, message: expect.any(String) }]);
  expect(await revision()).toBe(before);
  expect((await admin.ask('GET', '/health')).body).toMatchObject({
    status: 'degraded',
    error: expect.stringContaining(`${file}:4:`),
  });

  writeFileSync(file, `servers:\n  from-file:\n    url: http://169.254.169.254/\n`);
  const refused = await waitFor('that it is refused', async () => {
    const now = await status();
    return now.problems[0]?.line === 3 && now;
  });
  expect(refused).toMatchObject({ state: 'broken', problems: [{ line: 3, column: 5 }] });
  expect(await revision()).toBe(before);

  // A secret that is renewed is a change too.
  writeFileSync(file, `servers:\n  from-file:\n    url: ${echo.url}\n    headers: { Authorization: "file:token" }\n`);
  await waitFor('that it is well again', async () => (await status()).state === 'applied');
  writeFileSync(join(dataDir, 'token'), 'Bearer renewed\n');
  await waitFor(
    'the new secret',
    async () => (await app.store.servers.credentials(id))['Authorization'] === 'Bearer renewed',
  );
  expect((await admin.ask('GET', '/health')).body).toMatchObject({ status: 'healthy' });
});

test('settings of the file hold at once where they can, others are named', async () => {
  writeFileSync(
    file,
    `settings:\n  HEALTH_TIMEOUT_MS: 1234\n  GATEWAY_PORT: 9999\nservers:\n  from-file: { url: "${echo.url}" }\n`,
  );
  const now = await waitFor('the settings', async () => (await status()).restart.length > 0 && status());
  expect(now).toMatchObject({ state: 'applied', restart: ['GATEWAY_PORT'] });
  expect(await admin.must('GET', '/api/settings')).toMatchObject({ healthTimeoutMs: 1234 });
  expect(await admin.ask('PATCH', '/api/settings', { healthTimeoutMs: 2000 })).toMatchObject({
    status: 409,
    body: { errors: [{ field: 'healthTimeoutMs' }] },
  });
  expect((await admin.ask('PATCH', '/api/settings', { healthCron: '*/40 * * * * *' })).status).toBe(200);
  // A file that is refused for something else changes none of them.
  const good = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    `settings: { HEALTH_TIMEOUT_MS: 4321 }\nservers:\n  from-file: { url: "http://169.254.169.254/" }\n`,
  );
  await waitFor('that it is refused', async () => (await status()).state === 'broken');
  expect(await admin.must('GET', '/api/settings')).toMatchObject({ healthTimeoutMs: 1234 });
  writeFileSync(file, good);
  await waitFor('that it is well again', async () => (await status()).state === 'applied');
});

test('a file that is gone removes nothing; an empty one does', async () => {
  const text = readFileSync(file, 'utf8');
  rmSync(file);
  await waitFor('that it is missed', async () => (await status()).state === 'missing');
  expect(await paths()).toContain('from-file');
  writeFileSync(file, text);
  await waitFor('that it is back', async () => (await status()).state === 'applied');
  writeFileSync(file, '{}\n');
  await waitFor('that it is empty', async () => !(await paths()).includes('from-file'));
});
