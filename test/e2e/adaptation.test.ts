import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ServerView } from '../../registry/contract/index.ts';
import { startWebSocket, type WebSocketFixture } from '../fixtures/backends/streams/websocket.ts';
import { startEverythingFixture } from '../fixtures/everything/start.ts';
import type { Fixture } from '../fixtures/kit/listen.ts';
import { setUpBrowserTest } from './support/browser-test.ts';

const ui = setUpBrowserTest();
let modern: Fixture;
let webSocket: WebSocketFixture;
beforeAll(async () => {
  [modern, webSocket] = await Promise.all([startEverythingFixture({ era: 'modern' }), startWebSocket()]);
});
afterAll(async () => {
  await Promise.all([modern.close(), webSocket.close()]);
});
const read = (path: string) => ui.gateway.admin.must<ServerView>('GET', `/api/servers/${path}`);
const OFFER = 'Offer it in every protocol version';

it('a server of one protocol version is registered with adaptation, and its settings turn it off and on', async () => {
  const page = await ui.openLoggedIn('/register');
  await page.getByLabel('URL of the MCP server').fill(modern.url);
  await page.getByText('Clients of protocol versions before 2026-07-28').waitFor();
  await page.getByRole('checkbox', { name: OFFER }).check();
  await page.getByLabel('Path').fill('adapted');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
  expect(await read('adapted')).toMatchObject({ adapt: true, endpoints: { mcp: true, sse: true } });

  await page.goto(`${ui.gateway.url}/ui/servers/adapted/-/settings`);
  const offer = page.getByRole('checkbox', { name: OFFER });
  await offer.waitFor();
  for (const adapt of [false, true]) {
    expect(await offer.isChecked()).toBe(!adapt);
    await offer.setChecked(adapt);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(async () => (await read('adapted')).adapt, { timeout: 20_000 }).toBe(adapt);
    await page.getByRole('button', { name: 'Discard changes' }).waitFor({ state: 'detached' });
  }
  await ui.gateway.admin.must('DELETE', '/api/servers/adapted');
});

it('a WebSocket server is registered by its URL, without this choice, also in its settings', async () => {
  const page = await ui.openLoggedIn('/register');
  await page.getByLabel('URL of the MCP server').fill(webSocket.url);
  await page.getByText('WebSocket', { exact: true }).waitFor();
  expect(await page.getByRole('checkbox', { name: OFFER }).count()).toBe(0);
  await page.getByLabel('Path').fill('socket');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await page.getByRole('heading', { name: 'Connect a client' }).waitFor();
  const registered = { transport: 'websocket', instances: [{ url: webSocket.url }] };
  expect(await read('socket')).toMatchObject({ ...registered, adapt: false, endpoints: { mcp: true, sse: true } });

  await page.goto(`${ui.gateway.url}/ui/servers/socket/-/settings`);
  const name = page.getByRole('group', { name: /^Settings of/ }).getByLabel('Name', { exact: true });
  await name.fill('By WebSocket');
  expect(await page.getByRole('checkbox', { name: OFFER }).count()).toBe(0);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('By WebSocket saved').waitFor();
  expect(await read('socket')).toMatchObject({ ...registered, name: 'By WebSocket' });
  await ui.gateway.admin.must('DELETE', '/api/servers/socket');
});
