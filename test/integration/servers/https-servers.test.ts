import type { TlsOptions } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HealthHistory, ServerView } from '../../../registry/contract/index.ts';
import { startAlone, type AloneFixture } from '../../fixtures/kit/start-alone.ts';
import { callOnce } from '../../support/faults/load/call-once.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { createAuthority } from '../../support/tls/create-authority.ts';
import { serveTls } from '../../support/tls/serve-tls.ts';

const known = createAuthority('known-ca');
const own = createAuthority('own-ca');
let backend: AloneFixture;
let gateway: Gateway;
let key: string;
const opened: { close: () => Promise<void> }[] = [];

beforeAll(async () => {
  backend = await startAlone('backends/compliant/light-servers.ts', { count: 1 });
  gateway = await startGateway({ supervised: false, env: { CA_FILE: known.caFile, HEALTH_CRON: '0 0 0 1 1 *' } });
  ({ key } = await gateway.createAgent(['*']));
});
afterAll(async () => {
  for (const one of opened) await one.close();
  await gateway.close();
  await backend.close();
  known.remove();
  own.remove();
});

/** Registers a server behind TLS; returns its view of the API and the outcome of a call. */
async function register(path: string, options: TlsOptions, tls?: Record<string, string>) {
  const server = await serveTls(backend.url, options);
  opened.push(server);
  const view = await gateway.register({ path, url: server.url, ...(tls === undefined ? {} : { tls }) });
  return { view, outcome: await call(path) };
}
const call = async (path: string) => (await callOnce(false, { url: gateway.url, path, key }, 1)).text;
const REFUSED = /^503 /;

test('a server with a trusted and valid certificate for its name is healthy, and calls succeed', async () => {
  const { view, outcome } = await register('good', known.issue(['localhost']));
  expect([view.health, view.error, outcome]).toEqual(['healthy', null, '200']);
  const { instances } = await gateway.admin.must<HealthHistory>('GET', '/api/servers/good/health');
  const days = (Date.parse(instances[0]?.certificateExpiresAt ?? '') - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(28);
});

test.each([
  ['wrong-name', ['other.test'], 30, /is for another name \(DNS:other\.test\)/],
  ['expired', ['localhost'], -1, /has expired/],
])('%s: the server is unhealthy with the reason, and no call reaches it', async (path, names, days, reason) => {
  const { view, outcome } = await register(path, known.issue(names, days));
  expect(view.health).toBe('unhealthy');
  expect(view.error).toMatch(reason);
  expect(outcome).toMatch(REFUSED);
});

test('a certificate that expires within 14 days: degraded with the date, after a full probe and the next check, and calls succeed', async () => {
  const { view, outcome } = await register('soon', known.issue(['localhost'], 6));
  expect([view.health, outcome]).toEqual(['degraded', '200']);
  expect(view.error).toMatch(/expires in 5 days \(\d{4}-\d\d-\d\d\)\. Renew it/);
  await gateway.admin.must('POST', '/api/servers/soon/refresh');
  expect(await gateway.admin.must<ServerView>('GET', '/api/servers/soon')).toMatchObject({
    health: 'degraded',
    toolCount: view.toolCount,
  });
  expect(view.toolCount).toBeGreaterThan(0);
});

test('an unknown authority is not trusted until it is set as the CA of a server, and then for that server alone', async () => {
  const certificate = own.issue(['localhost']);
  const { view, outcome } = await register('private', certificate);
  expect(view.health).toBe('unhealthy');
  expect(view.error).toMatch(/is not trusted .* Set tls\.ca/);
  expect(outcome).toMatch(REFUSED);
  const changed = await gateway.admin.must<ServerView>('PATCH', '/api/servers/private', { tls: { ca: own.ca } });
  expect([changed.health, changed.tls.ca, await call('private')]).toEqual(['healthy', own.ca.trim(), '200']);
  const { view: other, outcome: refused } = await register('private-2', certificate);
  expect(other.health).toBe('unhealthy');
  expect(refused).toMatch(REFUSED);
  // With its own CA, the authorities of the gateway are not trusted.
  const { view: strict, outcome: none } = await register('strict', known.issue(['localhost']), { ca: own.ca });
  expect(strict.health).toBe('unhealthy');
  expect(none).toMatch(REFUSED);
});

test('a server that requires a client certificate gets the configured one, and its key is never returned', async () => {
  const options = { ...known.issue(['localhost']), ca: own.ca, requestCert: true, rejectUnauthorized: true };
  const { view, outcome } = await register('mutual', options);
  expect(view.health).not.toBe('healthy');
  expect(outcome).toMatch(REFUSED);
  const client = own.issue(['gateway']);
  const tls = { certificate: client.cert, key: client.key };
  const changed = await gateway.admin.must<ServerView>('PATCH', '/api/servers/mutual', { tls });
  expect([changed.error, changed.health, await call('mutual')]).toEqual([null, 'healthy', '200']);
  const secret = client.key.split('\n')[1] ?? '';
  const { items } = await gateway.admin.must<{ items: { number: number }[] }>('GET', '/api/generations?limit=1');
  for (const path of ['servers/mutual', 'audit?limit=5', `generations/${items[0]?.number}`])
    expect(JSON.stringify(await gateway.admin.must('GET', `/api/${path}`))).not.toContain(secret);

  const half = await gateway.admin.ask('PATCH', '/api/servers/mutual', { tls: { certificate: null } });
  expect(half).toMatchObject({ status: 422, body: { errors: [{ field: 'tls.certificate' }] } });
  const wrong = await gateway.admin.ask('PATCH', '/api/servers/mutual', { tls: { key: own.issue(['x']).key } });
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ field: 'tls.key' }] } });
  expect(JSON.stringify(wrong.body)).not.toContain('PRIVATE KEY');
});
