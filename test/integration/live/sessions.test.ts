import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signIn, type AdminClient } from '../../support/gateway/admin-client.ts';
import { openLive, type LiveSocket } from '../../support/live/live-socket.ts';
import { waitFor } from '../../support/wait-for.ts';
import { createDataDir, PASSWORD, startApp, type Started } from '../http/start-app.ts';

// Real accounts, sessions, keys and catalogue; the data plane is not used here.
let folder: ReturnType<typeof createDataDir>;
let app: Started;
let admin: AdminClient;
const sockets: LiveSocket[] = [];

beforeEach(async () => {
  folder = createDataDir();
  app = await startApp(folder.dataDir, { live: { heartbeatMs: 1_000, recheckMs: 1_000 } });
  admin = await signIn(app.url, 'admin', PASSWORD);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await app.close();
  folder.remove();
});

function open(headers: Record<string, string>): LiveSocket {
  const socket = openLive(app.url, headers);
  sockets.push(socket);
  return socket;
}
const ended = (socket: LiveSocket) => waitFor('the end of the socket', () => socket.ended);

test('with a session: a snapshot, then the changes of the API', async () => {
  const socket = open({ cookie: admin.cookie });
  await socket.until('snapshot');
  await admin.must('POST', '/api/servers', { path: 'weather', url: 'http://127.0.0.1:1' });
  await socket.until('server.changed', ({ server }) => server.path === 'weather');
  await admin.must('PATCH', '/api/servers/weather', { description: 'Forecasts' });
  await socket.until('server.changed', ({ server }) => server.description === 'Forecasts');
  await admin.must('DELETE', '/api/servers/weather');
  await socket.until('server.removed', ({ path }) => path === 'weather');
});

test('without a session, with a wrong key or from a foreign origin: refused before the upgrade', async () => {
  expect(await ended(open({}))).toMatchObject({ code: 401 });
  expect(await ended(open({ authorization: 'Bearer mgw_nonsense' }))).toMatchObject({ code: 401 });
  expect(await ended(open({ cookie: 'mcpgw_session=s%3Anonsense' }))).toMatchObject({ code: 401 });
  expect(await ended(open({ cookie: admin.cookie, origin: 'https://evil.example.com' }))).toMatchObject({ code: 403 });
  const own = open({ cookie: admin.cookie, origin: app.url });
  await own.until('snapshot');
});

test('logging out closes the sockets of that session, and no other session of the same user', async () => {
  const other = await signIn(app.url, 'admin', PASSWORD);
  const [first, second] = [open({ cookie: admin.cookie }), open({ cookie: other.cookie })];
  await Promise.all([first.until('snapshot'), second.until('snapshot')]);
  await admin.must('DELETE', '/api/session');
  expect(await ended(first)).toMatchObject({ code: 4401 });
  const beats = second.messages.filter(({ type }) => type === 'heartbeat').length;
  await waitFor('another heartbeat', () => second.messages.filter(({ type }) => type === 'heartbeat').length > beats);
  expect(second.ended).toBeUndefined();
});

test('disabling an account closes its sockets at once', async () => {
  await admin.must('POST', '/api/users', { username: 'bob', password: 'a good password', role: 'viewer' });
  const bob = await signIn(app.url, 'bob', 'a good password');
  const socket = open({ cookie: bob.cookie });
  await socket.until('snapshot');
  await admin.must('PATCH', '/api/users/bob', { enabled: false });
  expect(await ended(socket)).toMatchObject({ code: 4401 });
});

test('a key with a role may listen until it is revoked; one without a role may not', async () => {
  const createKey = async (name: string, role: string | null) => {
    await admin.must('POST', '/api/agents', { name, role });
    return admin.must<{ id: string; key: string }>('POST', `/api/agents/${name}/keys`, {});
  };
  const watcher = await createKey('watcher', 'viewer');
  const nobody = await createKey('nobody', null);
  expect(await ended(open({ authorization: `Bearer ${nobody.key}` }))).toMatchObject({ code: 401 });
  const socket = open({ authorization: `Bearer ${watcher.key}` });
  await socket.until('snapshot');
  await admin.must('DELETE', `/api/agents/watcher/keys/${watcher.id}`);
  expect(await ended(socket)).toMatchObject({ code: 4401 });
});

test('an open socket extends no session', async () => {
  const db = new Database(join(folder.dataDir, 'mcpgw.db'), { readonly: true });
  const readExpiry = () => db.prepare('select expires_at from sessions').all();
  const before = readExpiry();
  expect(before).toHaveLength(1);
  const socket = open({ cookie: admin.cookie });
  await waitFor('heartbeats', () => socket.messages.filter(({ type }) => type === 'heartbeat').length > 1);
  expect(readExpiry()).toEqual(before);
  db.close();
});
