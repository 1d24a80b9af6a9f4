import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClient } from '../client.ts';
import { createDataDir, PASSWORD, startApp, type Started } from '../start-app.ts';

let folder: ReturnType<typeof createDataDir>;
let app: Started;
beforeEach(async () => {
  folder = createDataDir();
  app = await startApp(folder.dataDir);
});
afterEach(async () => {
  await app.close();
  folder.remove();
});

test('a login sets a cookie that scripts and other sites cannot use, and returns the user', async () => {
  const client = createClient(app.url);
  expect((await client.get('/api/session')).status).toBe(401);
  const login = await client.logIn('admin', PASSWORD);
  expect(login.status).toBe(200);
  expect(login.json).toMatchObject({ kind: 'user', name: 'admin', role: 'admin' });
  const set = login.headers.get('Set-Cookie') ?? '';
  expect(set).toMatch(/HttpOnly/);
  expect(set).toMatch(/SameSite=Strict/);
  expect(set).not.toMatch(/Secure/);
  expect((await client.get('/api/session')).json).toMatchObject({ name: 'admin' });
  expect((await client.delete('/api/session')).status).toBe(204);
  expect((await client.get('/api/session')).status).toBe(401);
});

test('behind a TLS proxy the cookie is Secure', async () => {
  const client = createClient(app.url);
  const login = await client.post('/api/session', {
    body: { username: 'admin', password: PASSWORD },
    headers: { 'X-Forwarded-Proto': 'https' },
  });
  expect(login.headers.get('Set-Cookie')).toMatch(/; Secure/);
});

test('a login creates a new session id, and a planted one is invalid', async () => {
  const client = createClient(app.url);
  await client.logIn('admin', PASSWORD);
  const before = client.cookie;
  await client.logIn('admin', PASSWORD);
  expect(client.cookie).not.toBe(before);
  const planted = createClient(app.url);
  planted.cookie = before;
  expect((await planted.get('/api/session')).status).toBe(401);
});

test('sessions survive a restart on the same database, which does not contain the session ids', async () => {
  const client = createClient(app.url);
  await client.logIn('admin', PASSWORD);
  const cookie = client.cookie;
  await app.close();
  app = await startApp(folder.dataDir);
  const again = createClient(app.url);
  again.cookie = cookie;
  expect((await again.get('/api/session')).json).toMatchObject({ name: 'admin' });
  const sid = /s%3A([^.]+)\./.exec(cookie ?? '')?.[1] ?? 'missing';
  expect(sid.length).toBeGreaterThan(20);
  for (const file of ['mcpgw.db', 'mcpgw.db-wal'])
    expect(readFileSync(join(folder.dataDir, file)).toString('latin1')).not.toContain(sid);
});

test('wrong passwords are limited for the account, with Retry-After, while others log in', async () => {
  const client = createClient(app.url);
  const admin = createClient(app.url);
  await admin.logIn('admin', PASSWORD);
  await admin.post('/api/users', { body: { username: 'ada', password: 'a long password', role: 'viewer' } });
  const statuses = [];
  for (let i = 0; i < 8; i += 1) statuses.push((await client.logIn('ada', 'wrong')).status);
  expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
  const limited = await client.logIn('ada', 'a long password');
  expect(limited.status).toBe(429);
  expect(Number(limited.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(limited.problem.code).toBe('limited');
  expect((await client.logIn('admin', PASSWORD)).status).toBe(200);
});

test('wrong current passwords are limited like logins, so that a stolen session cannot guess the password', async () => {
  const admin = createClient(app.url);
  await admin.logIn('admin', PASSWORD);
  await admin.post('/api/users', { body: { username: 'ada', password: 'a long password', role: 'viewer' } });
  const thief = createClient(app.url);
  await thief.logIn('ada', 'a long password');
  const change = (currentPassword: string) =>
    thief.post('/api/users/ada/password', { body: { currentPassword, newPassword: 'another long one' } });
  const statuses = [];
  for (let i = 0; i < 7; i += 1) statuses.push((await change('wrong')).status);
  expect(statuses.slice(0, 5)).toEqual([422, 422, 422, 422, 422]);
  const limited = await change('a long password');
  expect(limited.status).toBe(429);
  expect(Number(limited.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(limited.problem).toMatchObject({
    code: 'limited',
    detail: expect.stringContaining('too many wrong passwords'),
  });
  // Both endpoints share their counter; an admin sets a password without the old one.
  expect((await createClient(app.url).logIn('ada', 'a long password')).status).toBe(429);
  expect((await admin.post('/api/users/ada/password', { body: { newPassword: 'set by an admin' } })).status).toBe(204);
});

test('unknown users and wrong passwords get the same response', async () => {
  const client = createClient(app.url);
  const wrong = await client.logIn('admin', 'wrong');
  const unknown = await client.logIn('nobody', 'wrong');
  expect(unknown.status).toBe(401);
  expect({ ...unknown.json, requestId: '' }).toEqual({ ...wrong.json, requestId: '' });
});

test('a password that only begins with the right 72 bytes is wrong', async () => {
  const client = createClient(app.url);
  await client.logIn('admin', PASSWORD);
  const long = 'p'.repeat(72);
  await client.post('/api/users', { body: { username: 'ada', password: long, role: 'viewer' } });
  expect((await createClient(app.url).logIn('ada', `${long}x`)).status).toBe(401);
  expect((await createClient(app.url).logIn('ada', long)).status).toBe(200);
});

test('withdrawn rights are refused on the next request of a running session', async () => {
  const admin = createClient(app.url);
  await admin.logIn('admin', PASSWORD);
  await admin.post('/api/users', { body: { username: 'ada', password: 'a long password', role: 'operator' } });
  const ada = createClient(app.url);
  await ada.logIn('ada', 'a long password');
  expect((await ada.get('/api/audit')).status).toBe(200);
  await admin.patch('/api/users/ada', { body: { role: 'viewer' } });
  expect((await ada.get('/api/audit')).status).toBe(403);
  expect((await admin.delete('/api/users/ada/sessions')).json).toEqual({ ended: 1 });
  expect((await ada.get('/api/servers')).status).toBe(401);
  await ada.logIn('ada', 'a long password');
  await admin.patch('/api/users/ada', { body: { enabled: false } });
  expect((await ada.get('/api/servers')).status).toBe(401);
  expect((await ada.logIn('ada', 'a long password')).status).toBe(401);
});

test('a change of password ends all other sessions and keeps this one', async () => {
  const here = createClient(app.url);
  const elsewhere = createClient(app.url);
  await here.logIn('admin', PASSWORD);
  await elsewhere.logIn('admin', PASSWORD);
  const put = (body: object) => here.post('/api/users/admin/password', { body });
  expect((await put({ newPassword: 'another password' })).problem.errors).toMatchObject([{ field: 'currentPassword' }]);
  expect((await put({ currentPassword: 'wrong', newPassword: 'another password' })).status).toBe(422);
  expect((await put({ currentPassword: PASSWORD, newPassword: 'short' })).status).toBe(422);
  expect((await put({ currentPassword: PASSWORD, newPassword: 'another password' })).status).toBe(204);
  expect((await here.get('/api/session')).status).toBe(200);
  expect((await elsewhere.get('/api/session')).status).toBe(401);
  expect((await elsewhere.logIn('admin', PASSWORD)).status).toBe(401);
  expect((await elsewhere.logIn('admin', 'another password')).status).toBe(200);
});

test('a session does not write to the database at every request', async () => {
  const client = createClient(app.url);
  await client.logIn('admin', PASSWORD);
  const writes: string[] = [];
  app.store.sessions.touch = (_sidHash, until) => {
    writes.push(until);
    return Promise.resolve();
  };
  for (let i = 0; i < 5; i += 1) await client.get('/api/session');
  expect(writes).toEqual([]);
});

test('older scripts log in by form', async () => {
  const client = createClient(app.url);
  const login = await client.post('/login', { form: { username: 'admin', password: PASSWORD } });
  expect(login.status).toBe(303);
  expect((await client.get('/api/session')).status).toBe(200);
  expect((await client.post('/logout')).status).toBe(303);
  expect((await client.get('/api/session')).status).toBe(401);
});

test('a rate-limited address is refused before its body is read', async () => {
  const client = createClient(app.url);
  let status = 401;
  for (let attempt = 0; status === 401; attempt += 1)
    status = (await client.logIn(`nobody-${attempt}`, 'a wrong password')).status;
  expect(status).toBe(429);
  for (const raw of ['{"not json', JSON.stringify({ username: 'x'.repeat(9_000) })]) {
    const answer = await client.post('/api/session', { raw });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
  }
});
