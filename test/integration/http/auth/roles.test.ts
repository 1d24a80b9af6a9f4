import { afterAll, beforeAll, expect, test } from 'vitest';
import { listEndpoints } from '../../../../registry/http/create-app.ts';
import { createClient, type Client } from '../client.ts';
import { createDataDir, PASSWORD, startApp, type Started } from '../start-app.ts';

const ROLES = ['viewer', 'operator', 'admin'] as const;
let folder: ReturnType<typeof createDataDir>;
let app: Started;
let admin: Client;
const people = new Map<string, Client>();
const machines = new Map<string, Client>();

beforeAll(async () => {
  folder = createDataDir();
  app = await startApp(folder.dataDir);
  admin = createClient(app.url);
  await admin.logIn('admin', PASSWORD);
  for (const role of ROLES) {
    await admin.post('/api/users', { body: { username: `user-${role}`, password: 'a long password', role } });
    const person = createClient(app.url);
    await person.logIn(`user-${role}`, 'a long password');
    people.set(role, person);
    await admin.post('/api/agents', { body: { name: `agent-${role}`, role } });
    const { key } = (await admin.post(`/api/agents/agent-${role}/keys`)).json as { key: string };
    machines.set(role, createClient(app.url, `Bearer ${key}`));
  }
});
afterAll(async () => {
  await app.close();
  folder.remove();
});

test('every endpoint allows exactly the callers with its role: users, agents and anonymous clients', async () => {
  const callers: [string, number, Client][] = [
    ['nobody', -1, createClient(app.url)],
    ...ROLES.flatMap((role, rank): [string, number, Client][] => [
      [`user ${role}`, rank, people.get(role)!],
      [`agent ${role}`, rank, machines.get(role)!],
    ]),
  ];
  let refused = 0;
  let allowed = 0;
  for (const { method, path, access } of listEndpoints(app.deps)) {
    // Any key is allowed; test/integration/gateway/create-gateway.test.ts tests the refusals.
    if (access === 'public' || access === 'agent') continue;
    const url = path.replaceAll(/\{\w+\}/g, 'none-such');
    for (const [name, rank, client] of callers) {
      const { status } = await client.ask(method.toUpperCase(), url);
      const may = access === 'optional' || rank >= ROLES.indexOf(access);
      const what = `${method} ${path} by ${name}: ${status}`;
      if (may) expect([401, 403], what).not.toContain(status === 403 && path.endsWith('/password') ? 200 : status);
      // An unauthenticated POST /register is treated as an OAuth client registration (RFC 7591): 404, so that its client does not start OAuth.
      else expect(status, what).toBe(rank < 0 ? (path === '/register' ? 404 : 401) : 403);
      if (may) allowed += 1;
      else refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(80);
  expect(allowed).toBeGreaterThan(80);
});

test('a key without a role is for the data plane only, and is refused here with that reason', async () => {
  const { key } = (await admin.post('/api/agents/first/keys')).json as { key: string };
  const answer = await createClient(app.url, `Bearer ${key}`).get('/api/servers');
  expect(answer.status).toBe(403);
  expect(answer.problem.detail).toContain('has no role');
});

test('a wrong key is refused even with a session, with WWW-Authenticate', async () => {
  const answer = await admin.get('/api/servers', { headers: { Authorization: 'Bearer mgw_wrong' } });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
  expect((await admin.get('/api/servers', { headers: { Authorization: 'Basic YTpi' } })).status).toBe(401);
});

test('keys and agents that have expired or are disabled are refused', async () => {
  const past = new Date(Date.now() - 1000).toISOString();
  await admin.post('/api/agents', { body: { name: 'late', role: 'viewer' } });
  const expired = (await admin.post('/api/agents/late/keys', { body: { expiresAt: past } })).json as { key: string };
  expect((await createClient(app.url, `Bearer ${expired.key}`).get('/api/servers')).status).toBe(401);
  const { key } = (await admin.post('/api/agents/late/keys')).json as { key: string };
  const late = createClient(app.url, `Bearer ${key}`);
  expect((await late.get('/api/servers')).status).toBe(200);
  await admin.patch('/api/agents/late', { body: { enabled: false } });
  expect((await late.get('/api/servers')).status).toBe(401);
  await admin.patch('/api/agents/late', { body: { enabled: true, expiresAt: past } });
  expect((await late.get('/api/servers')).status).toBe(401);
});

test('only an admin can set the password of another user', async () => {
  const body = { newPassword: 'a password by another' };
  expect((await people.get('operator')!.post('/api/users/user-viewer/password', { body })).status).toBe(403);
  expect((await machines.get('viewer')!.post('/api/users/user-viewer/password', { body })).status).toBe(403);
  expect((await people.get('admin')!.post('/api/users/user-viewer/password', { body })).status).toBe(204);
});

test('the last enabled admin cannot be demoted, disabled or removed', async () => {
  await admin.delete('/api/users/user-admin');
  for (const change of [{ role: 'viewer' }, { enabled: false }]) {
    const answer = await admin.patch('/api/users/admin', { body: change });
    expect(answer.status).toBe(409);
    expect(answer.problem.detail).toContain('last enabled admin');
  }
  expect((await admin.delete('/api/users/admin')).status).toBe(409);
  expect((await admin.get('/api/session')).json).toMatchObject({ role: 'admin' });
});
