import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashKey } from '../../../../registry/access/agents/key.ts';
import { keyFile } from '../../../../registry/contract/index.ts';
import { createClient, type Client } from '../client.ts';
import { useApp, type UsedApp } from '../use-app.ts';

let folder: UsedApp['folder'];
let app: UsedApp['app'];
let admin: Client;
const restart = useApp('file', (used) => ({ folder, app, client: admin } = used));

const fileOf = (key: string) => join(folder.dataDir, 'access/keys', `${hashKey(key)}.json`);
const readKeyFile = (key: string) => keyFile.parse(JSON.parse(readFileSync(fileOf(key), 'utf8')));
const grantedIn = (key: string) =>
  readKeyFile(key).grants.map(
    ({ server, tools, deny }) => `${deny === true ? '!' : ''}${server} ${tools?.join() ?? ''}`,
  );

async function createAgent(name: string, more: object = {}): Promise<{ key: string; id: string }> {
  const added = await admin.post('/api/agents', { body: { name, ...more } });
  expect(added.status, added.text).toBe(201);
  const key = await admin.post(`/api/agents/${name}/keys`);
  return key.json as { key: string; id: string };
}

test('an agent has its own grants and those of its groups, on disk before a change is answered', async () => {
  for (const [name, tools] of [
    ['writers', ['put_*']],
    ['readers', ['get_*']],
  ] as const)
    expect((await admin.post('/api/groups', { body: { name, grants: [{ server: 'notes', tools }] } })).status).toBe(
      201,
    );
  const body = {
    grants: [{ server: 'weather' }],
    groups: ['writers', 'readers', 'readers'],
    owner: 'ada',
    tags: ['ci'],
  };
  const { key } = await createAgent('robot', body);
  expect((await admin.get('/api/agents/robot')).json).toMatchObject({
    groups: ['readers', 'writers'],
    owner: 'ada',
    tags: ['ci'],
    grants: [{ server: 'weather' }],
    lastUsedAt: null,
  });
  expect(grantedIn(key)).toEqual(['weather *', 'notes get_*', 'notes put_*']);

  const denied = [{ server: 'weather', effect: 'deny' }];
  const changed = await admin.put('/api/groups/readers/grants', { body: denied });
  expect(changed.json).toMatchObject({ agents: ['robot'], grants: [{ server: 'weather', effect: 'deny' }] });
  expect(grantedIn(key)).toEqual(['weather *', '!weather *', 'notes put_*']);

  expect((await admin.patch('/api/agents/robot', { body: { groups: ['readers'] } })).status).toBe(200);
  expect(grantedIn(key)).toEqual(['weather *', '!weather *']);
  expect((await admin.delete('/api/groups/readers')).status).toBe(204);
  expect(grantedIn(key)).toEqual(['weather *']);
  expect((await admin.get('/api/agents/robot')).json).toMatchObject({ groups: [] });

  const { items } = (await admin.get('/api/audit?target=group:readers')).json as { items: { action: string }[] };
  expect(items.map(({ action }) => action)).toEqual(['group.removed', 'group.grants_changed', 'group.created']);
});

test('an unknown group, a taken name and a stale revision are refused; a change without effect keeps the revision', async () => {
  await admin.post('/api/groups', { body: { name: 'ops' } });
  const unknown = await admin.post('/api/agents', { body: { name: 'lost', groups: ['ops', 'no-such'] } });
  expect(unknown.status).toBe(422);
  expect(unknown.problem.errors).toMatchObject([{ field: 'groups.1' }]);
  expect((await admin.get('/api/agents/lost')).status).toBe(404);
  expect((await admin.post('/api/groups', { body: { name: 'ops' } })).status).toBe(409);
  const { headers } = await admin.get('/api/groups/ops');
  const etag = headers.get('ETag') ?? '';
  expect((await admin.patch('/api/groups/ops', { body: { description: '' } })).headers.get('ETag')).toBe(etag);
  const patch = (ifMatch: string) =>
    admin.patch('/api/groups/ops', { body: { description: 'on call' }, headers: { 'If-Match': ifMatch } });
  expect((await patch(etag)).status).toBe(200);
  const stale = await patch(etag);
  expect(stale.status).toBe(412);
  expect(stale.problem.current).toMatchObject({ name: 'ops', description: 'on call' });
});

test('a group keeps its agents and grants over a restart, and loses an agent that is removed', async () => {
  await admin.post('/api/groups', { body: { name: 'team', grants: [{ server: 'team/*' }] } });
  const { key } = await createAgent('member', { groups: ['team'] });
  await restart();
  expect(app.sync.written).toEqual([]);
  expect(grantedIn(key)).toEqual(['team/* *']);
  await admin.delete('/api/agents/member');
  expect((await admin.get('/api/groups/team')).json).toMatchObject({ agents: [] });
});

test('when a key is rotated, the old one expires after the overlap and the new one has the same limits', async () => {
  const { id } = await createAgent('spinner', { grants: [{ server: '*' }] });
  const limited = { label: 'ci', servers: ['weather'], expiresAt: new Date(Date.now() + 864e5).toISOString() };
  expect((await admin.patch(`/api/agents/spinner/keys/${id}`, { body: limited })).json).toMatchObject(limited);
  const before = Date.now();
  const rotated = await admin.post(`/api/agents/spinner/keys/${id}/rotate`, { body: { overlapHours: 2 } });
  expect(rotated.status).toBe(201);
  const next = rotated.json as { id: string; key: string; expiresAt: string };
  expect(next).toMatchObject({ label: 'ci', servers: ['weather'] });
  expect(Math.abs(Date.parse(next.expiresAt) - Date.now() - 864e5)).toBeLessThan(120_000);
  const { items } = (await admin.get('/api/agents/spinner/keys')).json as {
    items: { id: string; expiresAt: string }[];
  };
  const overlapMs = Date.parse(items.find((one) => one.id === id)?.expiresAt ?? '') - before;
  expect(overlapMs).toBeGreaterThanOrEqual(2 * 3_600_000);
  expect(overlapMs).toBeLessThan(2 * 3_600_000 + 120_000);
  expect(readKeyFile(next.key)).toMatchObject({ servers: ['weather'], expiresAt: Date.parse(next.expiresAt) });
  expect((await admin.post(`/api/agents/spinner/keys/none/rotate`)).status).toBe(404);
});

test('a key that is limited to other servers cannot manage the gateway, whatever the role of its agent', async () => {
  const { key, id } = await createAgent('boss', { role: 'admin' });
  const listAgents = () => createClient(app.url, `Bearer ${key}`).get('/api/agents');
  expect((await listAgents()).status).toBe(200);
  await admin.patch(`/api/agents/boss/keys/${id}`, { body: { servers: ['*'] } });
  const refused = await listAgents();
  expect(refused.status).toBe(403);
  expect(refused.problem.detail).toContain('limited to *');
  await admin.patch(`/api/agents/boss/keys/${id}`, { body: { servers: ['*', 'mcpgw'] } });
  expect((await listAgents()).status).toBe(200);
  await admin.delete(`/api/agents/boss/keys/${id}`);
  expect(existsSync(fileOf(key))).toBe(false);
});
