import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sealSecrets } from '../../../registry/configuration/export/seal-secrets.ts';
import type { ConfigExport } from '../../../registry/contract/index.ts';
import { signIn, type AdminClient } from '../../support/gateway/admin-client.ts';
import { createDataDir, PASSWORD, startApp, type Started } from '../http/start-app.ts';

const PASSPHRASE = 'correct horse battery staple';
const SECRETS = ['Bearer header-secret', 'query-secret', 'password of ada'];
const folders = [createDataDir(), createDataDir()] as const;
const apps: Started[] = [];
let [from, to]: AdminClient[] = [];
let key = '';

beforeAll(async () => {
  for (const { dataDir } of folders) apps.push(await startApp(dataDir));
  [from, to] = await Promise.all(apps.map(({ url }) => signIn(url, 'admin', PASSWORD)));
  const send = (method: string, path: string, body: unknown) => from!.must(method, path, body);
  await send('POST', '/api/servers?wait=false', {
    path: 'team/weather',
    instances: [{ url: 'http://127.0.0.1:9/mcp?token=query-secret', weight: 3 }, { url: 'http://127.0.0.1:10/mcp' }],
    headers: { Authorization: 'Bearer header-secret' },
    tags: ['b', 'a'],
    metadata: { owner: { team: 'x' } },
    description: 'a literal ${HOME}',
  });
  await send('POST', '/api/servers?wait=false', { path: 'off', url: 'http://127.0.0.1:9/sse', enabled: false });
  await send('POST', '/api/groups', { name: 'ops', grants: [{ server: 'team/*', tools: ['get_*', '!get_secret'] }] });
  await send('POST', '/api/agents', { name: 'planner', groups: ['ops'], role: 'viewer', grants: [{ server: 'off' }] });
  ({ key } = await from!.must<{ key: string }>('POST', '/api/agents/planner/keys', { label: 'laptop' }));
  await send('POST', '/api/users', { username: 'ada', password: 'password of ada', role: 'operator' });
  await send('POST', '/api/kill', { scope: 'server', target: 'off', reason: 'it misbehaves' });
  await send('PUT', '/api/servers/team%2Fweather/limits', { rules: [{ tool: 'render', concurrentCalls: 2 }] });
  await send('PUT', '/api/groups/ops/limits', { rules: [{ perAgent: true, callsPerDay: 10 }] });
  await send('PUT', '/api/agents/planner/limits', {
    zone: 'Europe/Berlin',
    rules: [{ requestsPerSecond: 5, burst: 9 }],
  });
  await send('PUT', '/api/servers/off/recording', { arguments: true, redact: ['iban'] });
  await send('PATCH', '/api/settings', { healthTimeoutMs: 4_321, agentLimits: { rules: [{ callsPerDay: 7 }] } });
});
afterAll(async () => {
  for (const app of apps) await app.close();
  for (const { remove } of folders) remove();
});

const exportOf = (client: AdminClient, body: object) => client.must<ConfigExport>('POST', '/api/config/export', body);
/** Without the sealed secrets, which are random. */
const bare = ({ export: { sealed: _, ...head }, ...rest }: ConfigExport) => ({ ...rest, export: head });

test('an export contains the whole state and no secret in plain text', async () => {
  const sealed = await exportOf(from!, { secrets: 'sealed', passphrase: PASSPHRASE });
  const open = await exportOf(from!, {});
  for (const secret of [...SECRETS, key, '$2b$']) {
    expect(JSON.stringify(sealed)).not.toContain(secret);
    expect(JSON.stringify(open)).not.toContain(secret);
  }
  expect(sealed.export.omitted).toEqual([
    'servers.team/weather.headers.Authorization',
    'servers.team/weather.instances.0.url',
    'users.ada.passwordHash',
    'users.admin.passwordHash',
  ]);
  expect(open.servers['team/weather']).toMatchObject({
    instances: [{ url: 'http://127.0.0.1:9/mcp', weight: 3 }, { url: 'http://127.0.0.1:10/mcp' }],
    headers: {},
    limits: { rules: [{ tool: 'render', concurrentCalls: 2 }] },
  });
  expect(open).toMatchObject({
    groups: { ops: { limits: { rules: [{ perAgent: true, callsPerDay: 10 }] } } },
    agents: { planner: { limits: { zone: 'Europe/Berlin', rules: [{ requestsPerSecond: 5, burst: 9 }] } } },
    agentLimits: { rules: [{ callsPerDay: 7 }] },
    recordings: { off: { arguments: true, results: false, redact: ['iban'] } },
  });
  expect((await from!.ask('POST', '/api/config/export', { secrets: 'sealed' })).status).toBe(422);
  const audit = await from!.must<{ items: { action: string }[] }>('GET', '/api/audit?limit=5');
  expect(audit.items.map(({ action }) => action)).toContain('config.exported');
});

test('a wrong passphrase, a changed seal or another document changes nothing', async () => {
  const document = await exportOf(from!, { secrets: 'sealed', passphrase: PASSPHRASE });
  const before = await exportOf(to!, {});
  // Not at the end: the last characters have unused bits.
  const sealed = document.export.sealed!.replace(/.(?=.{20}$)/, (one) => (one === 'A' ? 'B' : 'A'));
  for (const body of [
    { document, passphrase: 'another passphrase' },
    { document: { ...document, export: { ...document.export, sealed } }, passphrase: PASSPHRASE },
    { document: { servers: {} } },
    { document: { ...document, servers: { 'team/weather': { url: 'ftp://x' } } }, passphrase: PASSPHRASE },
    { document: { ...document, users: {} }, passphrase: PASSPHRASE, replace: true },
  ])
    expect((await to!.ask('POST', '/api/config/import', body)).status).toBeGreaterThanOrEqual(400);
  expect(await exportOf(to!, {})).toEqual(before);
});

test('export, import into an empty gateway, export: the same, and the keys and passwords work', async () => {
  const document = await exportOf(from!, { secrets: 'sealed', passphrase: PASSPHRASE });
  const dry = await to!.must('POST', '/api/config/import', {
    document,
    passphrase: PASSPHRASE,
    replace: true,
    dryRun: true,
  });
  expect(dry).toMatchObject({ applied: false, missingSecrets: [] });
  const revision = await apps[1]!.store.meta.revision();
  const done = await to!.must('POST', '/api/config/import', { document, passphrase: PASSPHRASE, replace: true });
  expect(done).toMatchObject({ applied: true, missingSecrets: [] });
  expect(await apps[1]!.store.meta.revision()).toBe(revision + 1);
  // The hash of the password has changed, so the administrator signs in again.
  expect((await to!.ask('GET', '/api/session')).status).toBe(401);
  to = await signIn(apps[1]!.url, 'admin', PASSWORD);

  expect(bare(await exportOf(to, { secrets: 'sealed', passphrase: PASSPHRASE }))).toEqual(bare(document));
  const { id } = await apps[1]!.servers.get('team/weather');
  expect(await apps[1]!.store.servers.credentials(id)).toEqual({ Authorization: 'Bearer header-secret' });
  expect((await apps[1]!.store.servers.byId(id))?.instances.map(({ query }) => query)).toEqual([
    'token=query-secret',
    '',
  ]);
  const withKey = await fetch(`${apps[1]!.url}/api/servers`, { headers: { authorization: `Bearer ${key}` } });
  expect(withKey.status).toBe(200);
  await signIn(apps[1]!.url, 'ada', 'password of ada');
  expect(await to.must('GET', '/api/settings')).toMatchObject({
    healthTimeoutMs: 4_321,
    agentLimits: { rules: [{ callsPerDay: 7 }] },
  });
  // In force, not only stored: the gate reads them from here.
  const accessFile = readFileSync(join(folders[1].dataDir, 'access/servers', `${id}.json`), 'utf8');
  expect(accessFile).toContain('render');
  const off = await apps[1]!.servers.get('off');
  expect(readFileSync(join(folders[1].dataDir, 'access/servers', `${off.id}.json`), 'utf8')).toContain('iban');
  expect(await to.must<{ items: object[] }>('GET', '/api/kill')).toMatchObject({ items: [{ target: 'off' }] });

  const again = await to.must('POST', '/api/config/import', { document, passphrase: PASSPHRASE, replace: true });
  expect(again).toMatchObject({ changes: [] });
});

test('a state without its secrets can be imported, and missing secrets are listed', async () => {
  const document = await exportOf(from!, {});
  document.agents = {
    ...document.agents,
    extra: {
      ...document.agents['planner']!,
      keys: [{ ...document.agents['planner']!.keys[0]!, sha256: 'cd'.repeat(32) }],
    },
  };
  const done = await to!.must<{ missingSecrets: string[]; changes: { name: string }[] }>('POST', '/api/config/import', {
    document,
  });
  expect(done.missingSecrets).toContain('servers.team/weather.headers.Authorization');
  expect(done.changes.map(({ name }) => name)).toContain('extra');
  // Users keep the password that they have here.
  await signIn(apps[1]!.url, 'ada', 'password of ada');
});

test('a crafted export pollutes no prototype and crashes nothing; unknown members are refused by name', async () => {
  const document = await exportOf(from!, {});
  const before = await exportOf(to!, {});
  // As text: in an object literal __proto__ sets the prototype.
  const craft = (change: (text: string) => string) => JSON.parse(change(JSON.stringify(document))) as object;
  const send = (crafted: object, more: object = {}) =>
    to!.ask<{ errors?: { field: string }[] }>('POST', '/api/config/import', { document: crafted, ...more });
  const named: [object, string][] = [
    [craft((text) => text.replace('{', '{"__proto__":{"polluted":1},')), '__proto__'],
    [craft((text) => text.replace('"headers":{}', '"headers":{"__proto__":{"polluted":1}}')), '__proto__'],
    [{ ...document, colour: 'red' }, 'colour'],
    [{ ...document, constructor: { prototype: { polluted: 1 } } }, 'constructor'],
    [{ ...document, servers: { weather: { url: 'http://127.0.0.1:9/mcp', colour: 'red' } } }, 'colour'],
    [{ ...document, agents: { x: { colour: 'red' } } }, 'colour'],
    [{ ...document, users: { ada: { role: 'viewer', enabled: true, colour: 'red' } } }, 'colour'],
  ];
  for (const [crafted, name] of named) {
    const { status, body } = await send(crafted);
    expect([status, body.errors?.[0]?.field.split('.').at(-1)]).toEqual([422, name]);
  }
  for (const crafted of [
    { ...document, servers: { weather: null } },
    { ...document, servers: [1] },
    { ...document, servers: 'x', export: { version: 1, secrets: 'omitted', omitted: ['servers.x.tls.key'] } },
    { ...document, kills: [null], toolLocks: { constructor: null } },
  ])
    expect((await send(crafted)).status).toBe(422);
  // Sealed by the author of the document, with a passphrase that they published.
  for (const path of [
    ['__proto__', 'polluted'],
    ['constructor', 'prototype', 'polluted'],
    ['servers', '__proto__', 'headers', 'polluted'],
    ['servers', 'team/weather', '__proto__', 'polluted'],
    ['servers', 'none', 'headers', 'x'],
  ]) {
    const sealed = await sealSecrets([[path, 'yes']], PASSPHRASE);
    const crafted = { ...document, export: { version: 1, secrets: 'sealed', omitted: [], sealed } };
    expect((await send(crafted, { passphrase: PASSPHRASE })).status, path.join('.')).toBe(422);
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { polluted?: unknown }).polluted).toBe(undefined);
  expect(await exportOf(to!, {})).toEqual(before);

  // Names of properties that every object has are valid names.
  const odd = {
    ...document,
    servers: {
      ...document.servers,
      constructor: {
        url: 'http://127.0.0.1:9/mcp',
        headers: { constructor: 'a' },
        metadata: { constructor: { a: 1 } },
      },
    },
    toolLocks: {},
  };
  expect((await send(odd)).status).toBe(200);
  expect(
    (await send({ ...odd, servers: { ...odd.servers, constructor: { url: 'http://127.0.0.1:9/mcp' } } })).status,
  ).toBe(200);
  await to!.must('DELETE', '/api/servers/constructor');
});

test('an import signs out users whose role or password it changes or whom it removes, and no others', async () => {
  const { url } = apps[1]!;
  const document = await exportOf(to!, { secrets: 'sealed', passphrase: PASSPHRASE });
  const send = (changed: object, more: object = {}) =>
    to!.must('POST', '/api/config/import', { document: changed, passphrase: PASSPHRASE, ...more });
  const withAda = (change: object) => ({
    ...document,
    users: { ...document.users, ada: { ...document.users['ada']!, ...change } },
  });
  const isIn = async (client: AdminClient) => (await client.ask('GET', '/api/session')).status === 200;
  let ada = await signIn(url, 'ada', 'password of ada');
  await send(withAda({}));
  expect(await isIn(ada)).toBe(true);

  await send(withAda({ role: 'viewer' }));
  expect(await isIn(ada)).toBe(false);
  expect(await isIn(to!)).toBe(true);
  ada = await signIn(url, 'ada', 'password of ada');
  await to!.must('POST', '/api/users/ada/password', { newPassword: 'another password of ada' });
  ada = await signIn(url, 'ada', 'another password of ada');
  // The export contains the previous password.
  await send(withAda({ role: 'viewer' }));
  expect(await isIn(ada)).toBe(false);
  ada = await signIn(url, 'ada', 'password of ada');
  const { ada: _, ...others } = document.users;
  await to!.must('POST', '/api/config/import', {
    document: { ...(await exportOf(to!, {})), users: others },
    replace: true,
  });
  expect(await isIn(ada)).toBe(false);
});
