import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashKey } from '../../../registry/access/key.ts';
import { CALM_AT_MS, gateFile, keyFile, serverFile, type Actor } from '../../../registry/contract/index.ts';
import { makeDataDir, startApp, type Started } from '../http/start-app.ts';

const actor: Actor = { kind: 'system', name: 'test', address: null };
let folder: ReturnType<typeof makeDataDir>;
let app: Started;
const file = (...name: string[]) => join(folder.dataDir, 'access', ...name);
const first = () => `${hashKey(app.first?.key ?? '')}.json`;
const read = (...name: string[]): unknown => JSON.parse(readFileSync(file(...name), 'utf8'));
const restart = async () => {
  await app.close();
  app = await startApp(folder.dataDir);
};
const register = (path: string) =>
  app.parts.servers!.register(actor, {
    path,
    name: path,
    description: '',
    tags: [],
    instances: [
      { url: 'http://127.0.0.1:9/mcp?token=in-the-query', weight: 2, enabled: true },
      { url: 'http://127.0.0.1:10/', weight: 1, enabled: false },
    ],
    transport: 'auto',
    enabled: true,
    headers: { Authorization: 'Bearer of the backend' },
    hostMode: 'upstream',
    timeouts: { connectMs: 1000, readMs: 1000, sendMs: 1000 },
    license: '',
    stars: 0,
    metadata: {},
  });

beforeEach(async () => {
  folder = makeDataDir();
  app = await startApp(folder.dataDir);
});
afterEach(async () => {
  await app.close();
  folder.remove();
});

test('the first start makes the admin and the agent "first" with a key, once', async () => {
  expect(app.first).toMatchObject({ username: 'admin', password: null, agent: 'first' });
  const key = app.first?.key ?? '';
  expect(keyFile.parse(read('keys', `${hashKey(key)}.json`))).toEqual({
    v: 2,
    agent: 'first',
    enabled: true,
    grants: [{ server: '*', tools: ['*'] }],
    sessionKey: gateFile.parse(read('gate.json')).sessionKey,
  });
  const gate = gateFile.parse(read('gate.json'));
  expect(gate).toMatchObject({ v: 2, drain: false, killed: null });
  await app.access.agents.remove(actor, 'first');
  await restart();
  expect(app.first).toBeNull();
  expect(readdirSync(file('keys'))).toEqual([]);
  expect(read('gate.json')).toEqual(gate);
});

test('files are 0600, folders 0700', async () => {
  await register('weather');
  expect(statSync(file()).mode & 0o777).toBe(0o700);
  for (const entry of readdirSync(file(), { recursive: true, withFileTypes: true }))
    expect(statSync(join(entry.parentPath, entry.name)).mode & 0o777, entry.name).toBe(entry.isFile() ? 0o600 : 0o700);
});

test('a revoked key has no file when the promise fulfils, nor has a removed agent', async () => {
  await app.access.agents.create(actor, {
    name: 'a',
    description: '',
    role: null,
    enabled: true,
    expiresAt: null,
    grants: [],
  });
  const one = await app.access.keys.create(actor, 'a', { label: '', expiresAt: null });
  const two = await app.access.keys.create(actor, 'a', { label: '', expiresAt: '2099-01-01T00:00:00Z' });
  const fileOf = (key: string) => file('keys', `${hashKey(key)}.json`);
  expect(read('keys', `${hashKey(two.key)}.json`)).toMatchObject({ agent: 'a', expiresAt: Date.UTC(2099, 0, 1) });
  await app.access.keys.revoke(actor, 'a', one.id);
  expect([existsSync(fileOf(one.key)), existsSync(fileOf(two.key))]).toEqual([false, true]);
  await restart();
  await app.access.agents.remove(actor, 'a');
  expect(existsSync(fileOf(two.key))).toBe(false);
});

test('disabling, expiring and granting are on disk, in the file of every key, when the promise fulfils', async () => {
  await app.access.agents.change(actor, 'first', { enabled: false, expiresAt: '2030-01-01T00:00:00Z' });
  const { key } = await app.access.keys.create(actor, 'first', { label: '', expiresAt: null });
  const of = (name: string) => read('keys', name);
  const both = [first(), `${hashKey(key)}.json`];
  for (const name of both) expect(of(name)).toMatchObject({ enabled: false, agentExpiresAt: Date.UTC(2030, 0, 1) });
  await app.access.agents.setGrants(actor, 'first', [{ server: 'team/*', tools: ['search'] }]);
  for (const name of both) expect(of(name)).toMatchObject({ grants: [{ server: 'team/*', tools: ['search'] }] });
});

test("a server's file has its credentials in the clear, the queries of its instances and no disabled instance", async () => {
  const { server } = await register('weather');
  const written = serverFile.parse(read('servers', `${server.id}.json`));
  expect(written).toMatchObject({ state: 'on', tools: null });
  expect(written).not.toHaveProperty('passKey');
  expect(written.credentials).toEqual({ Authorization: 'Bearer of the backend' });
  expect(written.instances).toMatchObject([{ weight: 2, query: 'token=in-the-query' }]);
  await app.parts.servers!.change(actor, 'weather', { enabled: false });
  expect(read('servers', `${server.id}.json`)).toMatchObject({ state: 'off' });
  await app.parts.servers!.remove(actor, 'weather');
  expect(existsSync(file('servers', `${server.id}.json`))).toBe(false);
});

test('at start, what was changed, lost or added by hand is put right', async () => {
  const { server } = await register('weather');
  const key = app.first?.key ?? '';
  await app.close();
  const before = new Map(
    readdirSync(file(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'utf8')]),
  );
  const widened = '{"v":2,"agent":"first","enabled":true,"grants":[{"server":"mcpgw","tools":["*"]}]}';
  writeFileSync(file('keys', `${hashKey(key)}.json`), widened);
  writeFileSync(file('keys', `${'a'.repeat(64)}.json`), widened);
  // What mcpgw wrote before.
  mkdirSync(file('agents'));
  writeFileSync(file('agents', 'first.json'), '{}');
  writeFileSync(file('keys', 'left.json.tmp'), 'x');
  mkdirSync(file('keys', 'folder'));
  writeFileSync(file('other.json'), '{}');
  chmodSync(file('keys', `${hashKey(key)}.json`), 0o644);
  rmSync(file('servers', `${server.id}.json`));
  app = await startApp(folder.dataDir);
  expect(app.sync.written.toSorted()).toEqual([`keys/${hashKey(key)}.json`, `servers/${server.id}.json`]);
  expect(app.sync.removed.toSorted()).toEqual(
    ['agents', 'keys/folder', 'keys/left.json.tmp', `keys/${'a'.repeat(64)}.json`, 'other.json'].toSorted(),
  );
  for (const [name, text] of before) expect(readFileSync(name, 'utf8'), name).toBe(text);
  expect(statSync(file('keys', `${hashKey(key)}.json`)).mode & 0o777).toBe(0o600);
});

test('a key file that names another agent is put right and survives that agent', async () => {
  await app.access.agents.create(actor, {
    name: 'b',
    description: '',
    role: null,
    enabled: true,
    expiresAt: null,
    grants: [],
  });
  const name = `${hashKey(app.first?.key ?? '')}.json`;
  await app.close();
  writeFileSync(file('keys', name), '{"v":1,"agent":"b"}');
  app = await startApp(folder.dataDir);
  await app.access.agents.remove(actor, 'b');
  expect(read('keys', name)).toMatchObject({ agent: 'first' });
});

test('a file that is as it should be is not written again', async () => {
  const inode = () => statSync(file('keys', first())).ino;
  const before = inode();
  await app.access.files.writeAgent('first');
  await app.access.agents.change(actor, 'first', { description: 'only words' });
  expect(inode()).toBe(before);
  await app.access.agents.change(actor, 'first', { enabled: false });
  expect(inode()).not.toBe(before);
});

test('a change that leaves an agent as it is leaves no trace, but puts its files right', async () => {
  const before = await app.access.agents.get('first');
  const entries = await app.store.audit.list({ limit: 10 });
  rmSync(file('keys', first()));
  expect(await app.access.agents.change(actor, 'first', {})).toEqual(before);
  expect(existsSync(file('keys', first()))).toBe(true);
  const same = { enabled: true, description: before.description, role: null, expiresAt: null };
  expect(await app.access.agents.change(actor, 'first', same, before.revision)).toEqual(before);
  expect(await app.access.agents.setGrants(actor, 'first', before.grants)).toEqual(before);
  await expect(app.access.agents.change(actor, 'first', {}, before.revision + 1)).rejects.toMatchObject({
    code: 'stale',
  });
  expect(await app.store.audit.list({ limit: 10 })).toEqual(entries);
  expect(await app.access.agents.change(actor, 'first', { role: 'viewer' })).not.toMatchObject({
    revision: before.revision,
  });
});

test('of many changes at once the newest state wins', async () => {
  const grant = (n: number) => app.access.agents.setGrants(actor, 'first', [{ server: `s${n}`, tools: ['*'] }]);
  await Promise.all(Array.from({ length: 30 }, (_, n) => grant(n)));
  const stored = await app.access.agents.get('first');
  expect(read('keys', first())).toMatchObject({ grants: stored.grants });
});

test('what cannot be written is told as stored but not enforced, and is written as soon as it can be', async () => {
  // A folder in the place of the file: rename onto it fails for root, too, as a full disk would.
  const place = file('keys', first());
  rmSync(place);
  mkdirSync(join(place, 'in-the-way'), { recursive: true });
  await expect(app.access.agents.change(actor, 'first', { enabled: false })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('stored but not yet enforced') as string,
  });
  expect(app.access.files.overdue()).toEqual(['keys/*.json of first']);
  expect(await app.access.agents.get('first')).toMatchObject({ enabled: false });
  const ready = await fetch(`${app.url}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({
    detail: expect.stringContaining('access/keys/*.json of first') as string,
  });
  rmSync(place, { recursive: true });
  await expect.poll(() => existsSync(place), { timeout: 20_000 }).toBe(true);
  expect(read('keys', first())).toMatchObject({ enabled: false });
  await expect.poll(() => app.access.files.overdue()).toEqual([]);
});

test('the drain flag goes up and down', async () => {
  const changedAtMs = () => statSync(file('gate.json')).mtimeMs;
  expect(changedAtMs()).toBe(CALM_AT_MS);
  await app.access.files.setDrain(true);
  expect(read('gate.json')).toMatchObject({ drain: true });
  expect(changedAtMs()).toBeGreaterThan(Date.UTC(2020));
  await Promise.all([
    app.access.files.setDrain(false),
    app.access.files.setDrain(true),
    app.access.files.setDrain(false),
  ]);
  expect(read('gate.json')).toMatchObject({ drain: false });
  expect(changedAtMs()).toBe(CALM_AT_MS);
  // Touched by hand, or copied: the gate reads it for each call until it is put right.
  writeFileSync(file('gate.json'), readFileSync(file('gate.json')));
  expect(changedAtMs()).not.toBe(CALM_AT_MS);
  await restart();
  expect(changedAtMs()).toBe(CALM_AT_MS);
});

test('the audit tells who changed what, and no secret', async () => {
  await app.access.agents.setGrants(actor, 'first', [{ server: 'weather', tools: ['*'] }]);
  const { key, id } = await app.access.keys.create(actor, 'first', { label: 'laptop', expiresAt: null });
  await app.access.keys.revoke(actor, 'first', id);
  await app.access.users.changePassword(actor, 'admin', { newPassword: 'never to be seen' });
  const entries = await app.store.audit.list({ limit: 10 });
  expect(entries.map(({ action }) => action).slice(0, 4)).toEqual([
    'user.password_changed',
    'key.revoked',
    'key.created',
    'agent.grants_changed',
  ]);
  expect(entries[3]).toMatchObject({
    target: 'agent:first',
    before: { grants: [{ server: '*', tools: ['*'] }] },
    after: { grants: [{ server: 'weather', tools: ['*'] }] },
  });
  const text = JSON.stringify(entries);
  for (const secret of [key, hashKey(key), 'never to be seen', '$2b$']) expect(text).not.toContain(secret);
});
