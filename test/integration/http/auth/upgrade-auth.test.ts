import { request, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createUpgradeAuth, type UpgradeAuth } from '../../../../registry/http/auth/upgrade-auth.ts';
import { createClient } from '../client.ts';
import { createDataDir, PASSWORD, startApp, type Started } from '../start-app.ts';

let folder: ReturnType<typeof createDataDir>;
let app: Started;
let auth: UpgradeAuth;
beforeEach(async () => {
  folder = createDataDir();
  app = await startApp(folder.dataDir);
  auth = createUpgradeAuth(app.deps);
});
afterEach(async () => {
  await app.close();
  folder.remove();
});

/** Sends an upgrade as a WebSocket client does, and returns the request that the server received. */
async function receiveUpgrade(headers: Record<string, string>): Promise<IncomingMessage> {
  const { hostname, port } = new URL(app.url);
  const arrived = new Promise<IncomingMessage>((resolve) =>
    app.server.once('upgrade', (incoming: IncomingMessage, socket: Duplex) => {
      socket.destroy();
      resolve(incoming);
    }),
  );
  const outgoing = request({
    hostname,
    port,
    path: '/ws',
    headers: { Connection: 'Upgrade', Upgrade: 'websocket', ...headers },
  });
  outgoing.on('error', () => undefined);
  outgoing.end();
  return arrived;
}

test('a session or a key with a role is accepted; no credential, a forged cookie, a wrong key and one without a role are not', async () => {
  const client = createClient(app.url);
  await client.logIn('admin', PASSWORD);
  const cookie = client.cookie ?? '';
  expect(await auth.authenticate(await receiveUpgrade({ Cookie: cookie }))).toMatchObject({
    kind: 'user',
    name: 'admin',
    role: 'admin',
  });
  expect(await auth.authenticate(await receiveUpgrade({}))).toBeNull();
  expect(await auth.authenticate(await receiveUpgrade({ Cookie: `${cookie}x` }))).toBeNull();
  await client.post('/api/agents', { body: { name: 'watcher', role: 'viewer' } });
  const { key } = (await client.post('/api/agents/watcher/keys')).json as { key: string };
  expect(await auth.authenticate(await receiveUpgrade({ Authorization: `Bearer ${key}` }))).toMatchObject({
    kind: 'agent',
    role: 'viewer',
  });
  expect(await auth.authenticate(await receiveUpgrade({ Authorization: `Bearer ${app.first?.key ?? ''}` }))).toBeNull();
  expect(await auth.authenticate(await receiveUpgrade({ Authorization: 'Bearer wrong' }))).toBeNull();
  await client.delete('/api/session');
  expect(await auth.authenticate(await receiveUpgrade({ Cookie: cookie }))).toBeNull();
});

test('authenticating an upgrade extends no session', async () => {
  const client = createClient(app.url);
  await client.logIn('admin', PASSWORD);
  const writes: string[] = [];
  const note = (what: string) => () => {
    writes.push(what);
    return Promise.resolve();
  };
  app.store.sessions.touch = note('touch');
  app.store.sessions.put = note('put');
  await auth.authenticate(await receiveUpgrade({ Cookie: client.cookie ?? '' }));
  await auth.authenticate(await receiveUpgrade({}));
  expect(writes).toEqual([]);
});

test('pages of this host or of the public address may connect', async () => {
  const incoming = await receiveUpgrade({});
  const host = new URL(app.url).host;
  expect(auth.allowsOrigin(`http://${host}`, incoming)).toBe(true);
  expect(auth.allowsOrigin('http://localhost:8080', incoming)).toBe(true);
  expect(auth.allowsOrigin('https://evil.example', incoming)).toBe(false);
  expect(auth.allowsOrigin('null', incoming)).toBe(false);
});

test('the end of a session is emitted as an event, for open connections', async () => {
  const ended: string[] = [];
  app.deps.events.on('session.ended', ({ username }) => ended.push(username));
  const client = createClient(app.url);
  await client.logIn('admin', PASSWORD);
  await client.delete('/api/session');
  await client.delete('/api/session');
  await client.logIn('admin', PASSWORD);
  await client.delete('/api/users/admin/sessions');
  expect(ended).toEqual(['admin', 'admin']);
});
