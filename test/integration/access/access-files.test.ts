import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashKey } from '../../../registry/access/agents/key.ts';
import { agentInput, gateFile, keyFile, keyInput, serverFile } from '../../../registry/contract/index.ts';
import { actor, prepareAccess } from './prepare-access.ts';
import { ACCESS_VERSION } from '../../../registry/contract/gate/access-version.ts';

const on = prepareAccess();
const grant = (server: string, tools = ['*']) => ({ server, tools, resources: [], prompts: [] });

test('the first start creates the admin and the agent "first" with a key, once', async () => {
  expect(on.app.first).toMatchObject({ username: 'admin', password: null, agent: 'first' });
  const key = on.app.first?.key ?? '';
  expect(keyFile.parse(on.read('keys', `${hashKey(key)}.json`))).toEqual({
    v: ACCESS_VERSION,
    id: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
    agent: 'first',
    enabled: true,
    grants: [{ server: '*', tools: ['*'], resources: ['*'], prompts: ['*'] }],
    sessionKey: gateFile.parse(on.read('gate.json')).sessionKey,
  });
  const gate = gateFile.parse(on.read('gate.json'));
  expect(gate).toMatchObject({ v: ACCESS_VERSION, drain: false, killed: null });
  await on.app.access.agents.remove(actor, 'first');
  await on.restart();
  expect(on.app.first).toBeNull();
  expect(readdirSync(on.file('keys'))).toEqual([]);
  expect(on.read('gate.json')).toEqual(gate);
});

test('files are 0600, folders 0700', async () => {
  await on.register('weather');
  expect(statSync(on.file()).mode & 0o777).toBe(0o700);
  for (const entry of readdirSync(on.file(), { recursive: true, withFileTypes: true }))
    expect(statSync(join(entry.parentPath, entry.name)).mode & 0o777, entry.name).toBe(entry.isFile() ? 0o600 : 0o700);
});

test('revoking a key or removing an agent deletes the key files before the call returns', async () => {
  await on.app.access.agents.create(actor, agentInput.parse({ name: 'a' }));
  const one = await on.app.access.keys.create(actor, 'a', keyInput.parse({}));
  const two = await on.app.access.keys.create(actor, 'a', keyInput.parse({ expiresAt: '2099-01-01T00:00:00Z' }));
  const fileOf = (key: string) => on.file('keys', `${hashKey(key)}.json`);
  expect(on.read('keys', `${hashKey(two.key)}.json`)).toMatchObject({ agent: 'a', expiresAt: Date.UTC(2099, 0, 1) });
  await on.app.access.keys.revoke(actor, 'a', one.id);
  expect([existsSync(fileOf(one.key)), existsSync(fileOf(two.key))]).toEqual([false, true]);
  await on.restart();
  await on.app.access.agents.remove(actor, 'a');
  expect(existsSync(fileOf(two.key))).toBe(false);
});

test('a disabled agent, its expiry and its grants are in the file of each of its keys before the call returns', async () => {
  await on.app.access.agents.change(actor, 'first', { enabled: false, expiresAt: '2030-01-01T00:00:00Z' });
  const { key } = await on.app.access.keys.create(actor, 'first', keyInput.parse({}));
  const of = (name: string) => on.read('keys', name);
  const both = [on.first(), `${hashKey(key)}.json`];
  for (const name of both) expect(of(name)).toMatchObject({ enabled: false, agentExpiresAt: Date.UTC(2030, 0, 1) });
  await on.app.access.agents.setGrants(actor, 'first', [grant('team/*', ['search'])]);
  for (const name of both) expect(of(name)).toMatchObject({ grants: [{ server: 'team/*', tools: ['search'] }] });
});

test("a server's file contains its credentials in plain text, the queries of its instances and no disabled instance", async () => {
  const { server } = await on.register('weather');
  const written = serverFile.parse(on.read('servers', `${server.id}.json`));
  expect(written).toMatchObject({ state: 'on', tools: null });
  expect(written).not.toHaveProperty('passKey');
  expect(written.credentials).toEqual({ Authorization: 'Bearer of the backend' });
  expect(written.forwardHeaders).toEqual(['X-Tenant']);
  expect(written.instances).toMatchObject([{ weight: 2, query: 'token=in-the-query' }]);
  await on.app.deps.servers.change(actor, 'weather', { enabled: false });
  expect(on.read('servers', `${server.id}.json`)).toMatchObject({ state: 'off' });
  await on.app.deps.servers.remove(actor, 'weather');
  expect(existsSync(on.file('servers', `${server.id}.json`))).toBe(false);
});

test('a file that is already correct is not written again', async () => {
  const inode = () => statSync(on.file('keys', on.first())).ino;
  const before = inode();
  await on.app.access.files.writeAgent('first');
  await on.app.access.agents.change(actor, 'first', { description: 'only words' });
  expect(inode()).toBe(before);
  await on.app.access.agents.change(actor, 'first', { enabled: false });
  expect(inode()).not.toBe(before);
});

test('a change without effect on an agent is not audited, but repairs its files', async () => {
  const before = await on.app.access.agents.get('first');
  const entries = await on.app.store.audit.list({ limit: 10 });
  rmSync(on.file('keys', on.first()));
  expect(await on.app.access.agents.change(actor, 'first', {})).toEqual(before);
  expect(existsSync(on.file('keys', on.first()))).toBe(true);
  const same = { enabled: true, description: before.description, role: null, expiresAt: null };
  expect(await on.app.access.agents.change(actor, 'first', same, before.revision)).toEqual(before);
  expect(await on.app.access.agents.setGrants(actor, 'first', before.grants)).toEqual(before);
  await expect(on.app.access.agents.change(actor, 'first', {}, before.revision + 1)).rejects.toMatchObject({
    code: 'stale',
  });
  expect(await on.app.store.audit.list({ limit: 10 })).toEqual(entries);
  expect(await on.app.access.agents.change(actor, 'first', { role: 'viewer' })).not.toMatchObject({
    revision: before.revision,
  });
});

test('after many concurrent changes the newest state is on disk', async () => {
  const set = (n: number) => on.app.access.agents.setGrants(actor, 'first', [grant(`s${n}`)]);
  await Promise.all(Array.from({ length: 30 }, (_, n) => set(n)));
  const stored = await on.app.access.agents.get('first');
  expect(on.read('keys', on.first())).toMatchObject({ grants: [{ server: stored.grants[0]?.server, tools: ['*'] }] });
});

test('the drain flag is set and cleared', async () => {
  await on.app.access.files.setDrain(true);
  expect(on.read('gate.json')).toMatchObject({ drain: true });
  await Promise.all([
    on.app.access.files.setDrain(false),
    on.app.access.files.setDrain(true),
    on.app.access.files.setDrain(false),
  ]);
  expect(on.read('gate.json')).toMatchObject({ drain: false });
});

test('the audit log records each change and contains no secret', async () => {
  await on.app.access.agents.setGrants(actor, 'first', [grant('weather')]);
  const { key, id } = await on.app.access.keys.create(actor, 'first', keyInput.parse({ label: 'laptop' }));
  await on.app.access.keys.revoke(actor, 'first', id);
  await on.app.access.users.changePassword(actor, 'admin', { newPassword: 'never to be seen' });
  const entries = await on.app.store.audit.list({ limit: 10 });
  expect(entries.map(({ action }) => action).slice(0, 4)).toEqual([
    'user.password_changed',
    'key.revoked',
    'key.created',
    'agent.grants_changed',
  ]);
  expect(entries[3]).toMatchObject({
    target: 'agent:first',
    before: { grants: [{ ...grant('*'), resources: ['*'], prompts: ['*'] }] },
    after: { grants: [grant('weather')] },
  });
  const text = JSON.stringify(entries);
  for (const secret of [key, hashKey(key), 'never to be seen', '$2b$']) expect(text).not.toContain(secret);
});
